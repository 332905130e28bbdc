"""A guest with a role administers the organization visited, and nothing else of it or of home (M15)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from activity.models import AuditRecord
from entra.admincenter.models import AdminSession
from entra.apps.models import AppRoleGrant, ConsentGrant
from entra.apps.services import register_application
from entra.directory.administration.accounts import set_enabled
from entra.directory.administration.roles import remove_role
from entra.directory.models import DirectoryRole, Tenant, User
from entra.policy.administration import save_location, save_policy, set_home_mfa_trust
from entra.policy.evaluate import Grant
from entra.policy.models import NamedLocation, SecurityDefaults
from entra.signin.method import Method
from entra.signin.models import SignIn
from tests.entra.admincenter.conftest import FABRIKAM, MFA, Admin, asked
from tests.entra.conftest import make_user

pytestmark = pytest.mark.requirement("M15")
Enter = Callable[..., Admin]
CONTOSO = "c0000000-0000-4000-8000-000000000001"


@pytest.fixture
def visitor(contoso: Tenant, grace: User) -> User:
    """Grace of Fabrikam, a guest of Contoso and Security administrator there."""
    set_home_mfa_trust(tenant=contoso, on=True, actor="test")
    guest = make_user(contoso, "grace_guest", user_type="Guest", home_account=grace)
    guest.role_assignments.create(role=DirectoryRole.SECURITY_ADMINISTRATOR)
    return guest


@pytest.fixture
def at_contoso(admin: Admin, visitor: User) -> Admin:
    """Grace was at her own organization's admin center and went over to Contoso's."""
    response = admin.client.get(f"/admin?tenant={CONTOSO}", follow=True)
    assert response.status_code == 200, (response.redirect_chain, response.content.decode())
    return Admin(admin.client, visitor)


def test_a_guest_with_a_role_enters_the_organization_visited(at_contoso: Admin, contoso: Tenant, visitor: User) -> None:
    page = at_contoso.text()
    assert "grace@fabrikam.example" in page
    assert "Security Administrator" in page
    assert "Global Administrator" not in page  # that is what she is at home
    session = AdminSession.objects.get(ended_at=None)
    assert session.account == visitor
    assert SignIn.objects.filter(application_name="Admin center", tenant=contoso, account=visitor).exists()
    entered = AuditRecord.objects.get(action="adminCenter.signedIn", actor=str(visitor.pk))
    assert str(entered.tenant_id) == CONTOSO


@pytest.mark.parametrize("named", [CONTOSO, "contoso.example", "CONTOSO.example"])
def test_an_address_names_the_organization_by_id_or_domain_and_keeps_the_page(
    client: Client, visitor: User, named: str
) -> None:
    request = client.get("/admin/sign-ins", {"tenant": named, "q": "x"})
    assert asked(request, at=CONTOSO)["claims"] == {"id_token": {"amr": {"essential": True, "values": ["mfa"]}}}


def test_the_page_asked_for_comes_after_the_sign_in(
    client: Client, grace: User, visitor: User, sign_in: Callable[..., None]
) -> None:
    sign_in(client, grace, *MFA)
    response = client.get("/admin/sign-ins", {"tenant": CONTOSO, "result": "success"}, follow=True)
    assert response.redirect_chain[-1][0] == "/admin/sign-ins?result=success"
    assert response.status_code == 200


def test_an_organization_that_is_none_is_said(client: Client, grace: User) -> None:
    response = client.get("/admin?tenant=nowhere.example")
    assert response.status_code == 404
    assert "There is no such organization here." in response.content.decode()


def test_whoever_is_there_already_is_not_sent_to_sign_in(at_contoso: Admin) -> None:
    response = at_contoso.get("/sign-ins", tenant="contoso.example", q="x")
    assert (response.status_code, response["Location"]) == (303, "/admin/sign-ins?q=x")


def test_home_mfa_is_not_enough_where_it_is_not_trusted(
    client: Client, grace: User, visitor: User, contoso: Tenant, sign_in: Callable[..., None]
) -> None:
    set_home_mfa_trust(tenant=contoso, on=False, actor="test")
    sign_in(client, grace, *MFA)
    response = client.get(f"/admin?tenant={CONTOSO}", follow=True)
    assert response.redirect_chain[-1][0].endswith("/verify")
    assert not AdminSession.objects.exists()
    sign_in(client, grace, Method.AUTHENTICATOR_APP, resource_tenant=contoso)
    assert client.get(f"/admin?tenant={CONTOSO}", follow=True).status_code == 200
    assert AdminSession.objects.get().account == visitor


def test_the_visited_organizations_rules_decide(
    client: Client, grace: User, visitor: User, contoso: Tenant, sign_in: Callable[..., None]
) -> None:
    save_policy(tenant=contoso, name="No guests", grant=Grant.BLOCK, include_users=[], include_guests=True, actor="t")
    sign_in(client, grace, *MFA)
    response = client.get(f"/admin?tenant={CONTOSO}", follow=True)
    assert response.status_code == 403
    assert "AADSTS53003" in response.content.decode()
    assert client.get("/admin", follow=True).status_code == 200  # at home nothing blocks her


def test_somebody_without_an_account_there_does_not_get_in(
    client: Client, grace: User, contoso: Tenant, sign_in: Callable[..., None]
) -> None:
    sign_in(client, grace, *MFA)
    client.get(f"/admin?tenant={CONTOSO}", follow=True)
    assert not AdminSession.objects.exists()


def test_a_guest_without_a_role_there_is_refused_whatever_the_role_at_home(
    client: Client, grace: User, visitor: User, sign_in: Callable[..., None]
) -> None:
    visitor.role_assignments.all().delete()
    sign_in(client, grace, *MFA)
    response = client.get(f"/admin?tenant={CONTOSO}", follow=True)
    assert response.status_code == 403
    page = response.content.decode()
    assert "You can open the admin center of:" in page
    assert f'href="/admin?tenant={FABRIKAM}"' in page
    assert client.get("/admin/policies").status_code == 403


def test_who_administers_only_elsewhere_is_led_there(
    client: Client, grace: User, visitor: User, sign_in: Callable[..., None]
) -> None:
    grace.role_assignments.all().delete()
    sign_in(client, grace, *MFA)
    assert f'href="/admin?tenant={CONTOSO}"' in client.get("/mysecurityinfo").content.decode()
    response = client.get("/admin", follow=True)
    assert response.status_code == 403
    assert f'href="/admin?tenant={CONTOSO}"' in response.content.decode()


def test_the_account_card_offers_every_organization_that_one_administers(
    enter: Enter, admin: Admin, visitor: User, svetlana: User
) -> None:
    page = admin.text()
    assert f'href="/admin?tenant={CONTOSO}"' in page
    assert f'href="/admin?tenant={FABRIKAM}"' not in page
    there = admin.client.get(f"/admin?tenant={CONTOSO}", follow=True).content.decode()
    assert f'href="/admin?tenant={FABRIKAM}"' in there
    assert "/admin?tenant=" not in enter(svetlana).text()
    set_enabled(account=visitor, enabled=False, actor="test")
    assert "/admin?tenant=" not in enter(admin.account).text()


def test_another_organizations_things_are_not_there(
    at_contoso: Admin, contoso: Tenant, fabrikam: Tenant, john: User, alejandra: User
) -> None:
    theirs = save_policy(tenant=fabrikam, name="Home rule", grant=Grant.MFA, actor="test")
    place = save_location(tenant=fabrikam, name="Home office", cidr_ranges=["192.0.2.0/24"], actor="test")
    ours = save_policy(tenant=contoso, name="Visited rule", grant=Grant.MFA, actor="test")
    assert "Visited rule" in at_contoso.text("/policies")
    assert "Home rule" not in at_contoso.text("/policies")
    assert "Home office" not in at_contoso.text("/locations")
    people = at_contoso.text("/per-user-mfa")
    assert ("alejandra@contoso.example" in people, "john@fabrikam.example" in people) == (True, False)
    assert "fabrikam.example" not in at_contoso.text("/federation").replace("grace@fabrikam.example", "")
    own = SignIn.objects.filter(tenant=fabrikam).first()
    assert own is not None
    for path in (f"/policies/{theirs.pk}", f"/locations/{place.pk}", f"/per-user-mfa/{john.pk}", f"/sign-ins/{own.pk}"):
        assert at_contoso.get(path).status_code == 404, path
    assert at_contoso.post(f"/policies/{theirs.pk}/state/off").status_code == 404
    assert at_contoso.get(f"/policies/{ours.pk}").status_code == 200


def test_a_change_is_made_in_the_organization_visited_in_the_guests_name(
    at_contoso: Admin, contoso: Tenant, visitor: User
) -> None:
    at_contoso.done("/locations/new", name="Lisbon", ranges="192.0.2.0/24")
    assert str(NamedLocation.objects.get().tenant_id) == CONTOSO
    record = AuditRecord.objects.get(action="policy.namedLocation.saved")
    assert (record.actor, str(record.tenant_id)) == (str(visitor.pk), CONTOSO)


def test_a_verification_for_a_change_is_asked_at_the_organization_visited(at_contoso: Admin) -> None:
    at_contoso.let_verification_age()
    assert asked(at_contoso.post("/security-defaults", on="1"), at=CONTOSO)["login_hint"] == "grace@fabrikam.example"
    assert not SecurityDefaults.objects.exists()


def test_a_session_that_is_over_is_opened_again_in_the_same_organization(at_contoso: Admin) -> None:
    AdminSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=2))
    asked(at_contoso.get("/policies"), at=CONTOSO)


def test_whoever_is_refused_there_is_not_kept_from_home(at_contoso: Admin, contoso: Tenant) -> None:
    save_policy(tenant=contoso, name="No guests", grant=Grant.BLOCK, include_users=[], include_guests=True, actor="t")
    AdminSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=2))
    assert at_contoso.client.get("/admin", follow=True).status_code == 403
    asked(at_contoso.get(), at="organizations")


def test_a_verification_that_is_refused_ends_no_session(at_contoso: Admin) -> None:
    at_contoso.let_verification_age()
    state = asked(at_contoso.post("/security-defaults", on="1"), at=CONTOSO)["state"]
    assert at_contoso.get("/signed-in", state=state, error="access_denied").status_code == 403
    assert at_contoso.get("/policies").status_code == 200


def test_an_answer_of_another_organization_than_the_one_asked_opens_nothing(
    client: Client, grace: User, visitor: User, sign_in: Callable[..., None]
) -> None:
    sign_in(client, grace, *MFA)
    address = client.get(f"/admin?tenant={CONTOSO}")["Location"].replace(CONTOSO, FABRIKAM)
    response = client.get(client.get(address)["Location"])
    assert response.status_code == 403
    assert not AdminSession.objects.exists()


def test_a_form_opened_in_one_organization_is_worth_nothing_in_another(
    grace: User, visitor: User, fabrikam: Tenant, sign_in: Callable[..., None]
) -> None:
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, grace, *MFA)
    browser.get("/admin", follow=True)
    token = browser.get("/admin/security-defaults").context["csrf_token"]
    browser.get(f"/admin?tenant={CONTOSO}", follow=True)
    form: dict[str, Any] = {"on": "1", "csrfmiddlewaretoken": str(token)}
    assert browser.post("/admin/security-defaults", form).status_code == 403
    assert not SecurityDefaults.objects.exists()


def test_a_form_outlives_neither_its_session_nor_its_organization(
    grace: User, visitor: User, fabrikam: Tenant, sign_in: Callable[..., None]
) -> None:
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, grace, *MFA)
    browser.get("/admin", follow=True)
    token = browser.get("/admin/security-defaults").context["csrf_token"]
    AdminSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=2))
    assert browser.get(f"/admin?tenant={CONTOSO}", follow=True).status_code == 200
    form: dict[str, Any] = {"on": "1", "csrfmiddlewaretoken": str(token)}
    assert browser.post("/admin/security-defaults", form).status_code == 403
    assert not SecurityDefaults.objects.exists()


@pytest.mark.parametrize("whose", ["home", "guest"])
def test_the_session_ends_when_either_account_is_disabled_and_the_role_is_read_anew(
    at_contoso: Admin, grace: User, visitor: User, whose: str
) -> None:
    remove_role(account=visitor, role=DirectoryRole.SECURITY_ADMINISTRATOR, actor="test")
    assert at_contoso.get("/policies").status_code == 403
    User.objects.filter(pk=(grace if whose == "home" else visitor).pk).update(account_enabled=False)
    asked(at_contoso.get("/policies"), at=CONTOSO)


def test_a_guest_who_administers_cannot_lock_the_members_out(at_contoso: Admin, visitor: User, alejandra: User) -> None:
    visitor.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    alejandra.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    at_contoso.done(
        "/policies/new",
        name="Me alone",
        include_users="all",
        exclude_users="grace@fabrikam.example",
        include_applications=["all"],
        grant="block",
    )
    policy = visitor.tenant.conditional_access_policies.get()
    assert "no Global administrator" in at_contoso.refused(f"/policies/{policy.pk}/switch-on")


def test_a_guest_consents_for_nobody_else(at_contoso: Admin, contoso: Tenant, visitor: User) -> None:
    visitor.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    about: Any = {"redirect_uris": [], "permissions": ["User.Read"]}
    tool = register_application(client_id=uuid4(), tenant=contoso, name="Tool", **about)
    page = f"/applications/{tool.pk}/consent"
    assert "Only a Global administrator who is no guest" in at_contoso.text(page)
    assert at_contoso.post(page).status_code == 403
    assert not ConsentGrant.objects.exists()


def test_a_guest_lets_no_application_act_by_itself(at_contoso: Admin, contoso: Tenant, visitor: User) -> None:
    visitor.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    tool = register_application(client_id=uuid4(), tenant=contoso, name="Tool", redirect_uris=[])
    page = f"/applications/{tool.pk}/permissions"
    assert "Only a Global administrator who is no guest can grant" in at_contoso.text(page)
    wanted = "00000003-0000-0000-c000-000000000000/User.ReadWrite.All"
    assert at_contoso.post(page, permissions=wanted).status_code == 403
    assert not AppRoleGrant.objects.exists()


def test_a_guest_who_stops_the_trust_is_signed_out_by_it(at_contoso: Admin, contoso: Tenant, visitor: User) -> None:
    asked(at_contoso.client.get(at_contoso.post("/guests/trust", on="0")["Location"]), at=CONTOSO)
    contoso.refresh_from_db()
    assert not contoso.trusts_home_mfa
