"""A federation ends: what is said before, what becomes of the domain's people, and how they come in again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from activity.models import AuditRecord
from entra.directory.methods import verify_password
from entra.directory.models import (
    AccountClass,
    DirectoryRole,
    Domain,
    DomainAuthentication,
    TemporaryAccessPass,
    Tenant,
    User,
)
from entra.events.models import OutgoingEvent
from entra.events.services import add_stream
from entra.federation.administration import Provider, federate_domain
from entra.federation.models import FederatedDomain, MfaBehavior
from entra.signin.method import Method, Source
from mailing.models import OutgoingMail
from tests.entra.admincenter.conftest import Admin
from tests.entra.conftest import RelyingParty, make_user

PATH = "/federation/wingtip.example"
SESSION_REVOKED = "https://schemas.openid.net/secevent/caep/event-type/session-revoked"
pytestmark = pytest.mark.requirement("V2", "V7")


def federate(domain: Domain) -> FederatedDomain:
    return federate_domain(
        domain=domain,
        provider=Provider("https://idp.example", "https://idp.example/sso", ""),
        mfa_behavior=MfaBehavior.ACCEPT,
        signed_requests=True,
        actor="test",
    )


@pytest.fixture
def wingtip(fabrikam: Tenant) -> Domain:
    domain = Domain.objects.create(name="wingtip.example", tenant=fabrikam)
    federate(domain)
    return domain


def person(tenant: Tenant, name: str, **facts: Any) -> User:
    """Somebody of wingtip.example, without a password here unless one is given."""
    usual = {"user_principal_name": f"{name}@wingtip.example", "password": make_password(None), "mail": ""}
    return User.objects.create(tenant=tenant, display_name=name.title(), **(usual | facts))


@pytest.fixture
def prashob(fabrikam: Tenant, wingtip: Domain) -> User:
    return person(fabrikam, "prashob")


@pytest.fixture
def yuki(fabrikam: Tenant, wingtip: Domain) -> User:
    return person(fabrikam, "yuki", password=make_password("from before it was federated"))


def ended(admin: Admin) -> str:
    return admin.done(f"{PATH}/end")


def test_it_is_said_before_what_becomes_of_the_people(
    admin: Admin, fabrikam: Tenant, prashob: User, yuki: User
) -> None:
    person(fabrikam, "gone", account_enabled=False)
    make_user(fabrikam, "mary", password=make_password(None))
    page = admin.text(f"{PATH}/end")
    assert "2 people sign in with this domain." in page
    assert "1 of them has no password here and cannot sign in before" in page
    assert "You are among them." not in page
    assert FederatedDomain.objects.exists()


def test_the_domain_is_managed_again(admin: Admin, wingtip: Domain, prashob: User, yuki: User) -> None:
    page = ended(admin)
    assert "Passwords of wingtip.example are checked here again." in page
    assert "Managed here" in page
    assert "1 person has no password here" in page
    assert not FederatedDomain.objects.exists()
    wingtip.refresh_from_db()
    assert wingtip.authentication == DomainAuthentication.MANAGED
    record = AuditRecord.objects.get(action="federation.domain.managed")
    assert (record.actor, record.subject) == (str(admin.account.pk), "wingtip.example")
    assert record.detail == {"withoutPassword": 1}
    assert admin.post(f"{PATH}/end").status_code == 404


def test_a_session_that_the_provider_vouched_for_is_over_and_the_applications_hear_of_it(
    admin: Admin, contoso: Tenant, prashob: User, john: User, rp: RelyingParty, sign_in: Callable[..., None]
) -> None:
    add_stream(audience=rp.application.pk, endpoint="https://app.example/events", secret="s" * 40, actor="test")
    guest = make_user(contoso, "prashob_wingtip", user_type="Guest", home_account=prashob)
    sign_in(rp.browser, prashob, Method.FEDERATED, source=Source.FEDERATED, proves_mfa=True)
    refresh = rp.tokens()["refresh_token"]
    ended(admin)
    assert rp.refresh(refresh).status_code == 400
    assert "/signin/" in rp.authorize()["Location"]
    told = OutgoingEvent.objects.filter(type=SESSION_REVOKED).values_list("account_id", flat=True)
    assert set(told) == {prashob.pk, guest.pk}  # and not John, of another domain
    john.refresh_from_db()
    assert john.sessions_valid_from is None


def test_everybody_is_told_by_mail_what_to_do(admin: Admin, fabrikam: Tenant, prashob: User, yuki: User) -> None:
    person(fabrikam, "gone", account_enabled=False)
    ended(admin)
    told = dict(OutgoingMail.objects.values_list("recipient", "body"))
    assert set(told) == {"prashob@wingtip.example", "yuki@wingtip.example"}
    assert "Ask your administrator for a temporary access pass" in told["prashob@wingtip.example"]
    assert "From now on your password here does." in told["yuki@wingtip.example"]


def test_who_has_a_password_uses_it_again(admin: Admin, yuki: User) -> None:
    ended(admin)
    typed = {"sign_in_name": yuki.user_principal_name, "ip": "::1"}
    assert verify_password(account=yuki, password="from before it was federated", **typed)


def test_who_has_none_is_found_and_let_in_by_a_pass(admin: Admin, prashob: User, yuki: User) -> None:
    ended(admin)
    listed = admin.text(f"{PATH}/people", password="no")
    assert "prashob@wingtip.example" in listed
    assert "yuki@wingtip.example" not in listed
    shown = admin.refused(f"/temporary-access-pass/{prashob.pk}", minutes="1440")
    assert "Copy the pass now." in shown
    issued = TemporaryAccessPass.objects.get()
    assert (issued.account, issued.usable_once) == (prashob, False)
    assert (issued.expires_at - issued.created_at).total_seconds() == 24 * 3600
    text = admin.client.post(f"/admin/temporary-access-pass/{prashob.pk}", {"minutes": "60", "once": "on"}).context[
        "text"
    ]
    assert TemporaryAccessPass.objects.get().usable_once
    typed = {"sign_in_name": prashob.user_principal_name, "ip": "::1"}
    assert verify_password(account=prashob, password=text, **typed)
    record = AuditRecord.objects.filter(action="method.temporary_pass_issued").first()
    assert record is not None
    assert record.actor == str(admin.account.pk)


def test_a_pass_is_not_made_for_oneself_nor_while_the_provider_signs_the_person_in(
    admin: Admin, grace: User, prashob: User
) -> None:
    own = admin.refused(f"/temporary-access-pass/{grace.pk}", minutes="60")
    assert "A temporary access pass is made by another administrator." in own
    federated = admin.refused(f"/temporary-access-pass/{prashob.pk}", minutes="60")
    assert "own provider, which needs no pass." in federated
    assert "Select a valid choice." in admin.refused(f"/temporary-access-pass/{prashob.pk}", minutes="100000")
    assert not TemporaryAccessPass.objects.exists()


def administrator_by_federation(fabrikam: Tenant, grace: User, **facts: Any) -> None:
    """Fabrikam's own domain is federated, and its only Global administrator with it."""
    User.objects.filter(pk=grace.pk).update(**{"password": make_password(None)} | facts)
    federate(fabrikam.domains.get(is_default=True))


def test_the_last_administrator_without_a_password_is_not_locked_out(
    admin: Admin, fabrikam: Tenant, grace: User
) -> None:
    administrator_by_federation(fabrikam, grace)
    assert "You are among them." in admin.text("/federation/fabrikam.example/end")
    page = admin.refused("/federation/fabrikam.example/end")
    assert "none has a password here" in page
    assert FederatedDomain.objects.exists()
    assert Domain.objects.get().authentication == DomainAuthentication.FEDERATED
    grace.refresh_from_db()
    assert grace.sessions_valid_from is None
    assert not AuditRecord.objects.filter(action="federation.domain.managed").exists()


@pytest.mark.parametrize("way_out", ["own password", "break glass", "other domain"])
def test_with_a_way_out_for_an_administrator_it_ends(admin: Admin, fabrikam: Tenant, grace: User, way_out: str) -> None:
    administrator_by_federation(fabrikam, grace)
    if way_out == "own password":
        User.objects.filter(pk=grace.pk).update(password=make_password("a password of hers"))
    else:
        other = Domain.objects.create(name="cloud.example", tenant=fabrikam)
        klass = AccountClass.BREAK_GLASS if way_out == "break glass" else AccountClass.PERSON
        spare = User.objects.create(
            tenant=fabrikam,
            user_principal_name=f"spare@{other.name}",
            account_class=klass,
            password=make_password("kept in a safe"),
        )
        spare.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    response = admin.post("/federation/fabrikam.example/end")
    assert response.status_code == 303
    assert not FederatedDomain.objects.exists()
    # Her own session rested on the provider too: she signs in anew.
    assert admin.get("/federation").status_code == 303


def test_a_security_administrator_ends_nothing_and_makes_no_pass(
    enter: Callable[..., Admin], svetlana: User, prashob: User
) -> None:
    admin = enter(svetlana)
    assert admin.post(f"{PATH}/end").status_code == 403
    assert admin.post(f"/temporary-access-pass/{prashob.pk}", minutes="60").status_code == 403
    assert "prashob@wingtip.example" in admin.text(f"{PATH}/people")
    assert FederatedDomain.objects.exists()


def test_another_tenants_domain_and_people_are_not_there(admin: Admin, contoso: Tenant, alejandra: User) -> None:
    federate(contoso.domains.get())
    for page in ("/federation/contoso.example/end", "/federation/contoso.example/people"):
        assert admin.get(page).status_code == 404
    assert admin.post("/federation/contoso.example/end").status_code == 404
    assert admin.post(f"/temporary-access-pass/{alejandra.pk}", minutes="60").status_code == 404
    assert FederatedDomain.objects.exists()


def test_the_people_of_a_domain_are_those_who_sign_in_with_it(
    admin: Admin, fabrikam: Tenant, contoso: Tenant, john: User, prashob: User
) -> None:
    make_user(contoso, "prashob_wingtip", user_type="Guest", home_account=prashob)
    person(fabrikam, "other", user_principal_name="other@notwingtip.example")
    lines = b"".join(admin.get(f"{PATH}/people", format="csv")).decode("utf-8-sig").splitlines()
    assert [line.split(",")[1:3] for line in lines[1:]] == [["prashob@wingtip.example", "No"]]
