"""Consent taken back: nothing an application holds counts any more, and receivers are told (M22, S6)."""

import time
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from activity.models import AuditRecord
from entra.apps.administration import grant_app_roles
from entra.apps.models import Application, AppRoleGrant, ConsentGrant
from entra.apps.resources import partner_center
from entra.directory.models import Tenant, User
from entra.events.models import OutgoingEvent, Stream
from entra.events.security_event_token import security_event_token
from entra.oauth.bearer import presented
from entra.oauth.models import Grant
from tests.entra.conftest import SECRET, RelyingParty
from tests.entra.events.conftest import stream, unverified
from tests.entra.oauth.test_introspection import PATH
from tests.entra.oauth.test_partner_center import API, V2_SCOPE, sam

__all__ = ["sam", "stream"]
pytestmark = pytest.mark.requirement("M22")
GRANT, EVERYTHING = "urn:partnercenter:event:grant-revoked", "urn:partnercenter:event:application-revoked"


def tokens(rp: RelyingParty) -> dict[str, Any]:
    answer: dict[str, Any] = rp.token(code=rp.code(scope=V2_SCOPE)).json()
    return answer


def told() -> tuple[str, set[str]]:
    (event,) = OutgoingEvent.objects.all()
    claims = unverified(security_event_token(event))
    ((kind, _facts),) = claims["events"].items()
    return kind, {name for name in claims["sub_id"] if name != "format"}


def introspected(token: str, client: Application, secret: str = SECRET) -> dict[str, Any]:
    posted = {"client_id": str(client.pk), "client_secret": secret, "token": token}
    answer: dict[str, Any] = Client(enforce_csrf_checks=True).post(PATH, posted).json()
    return answer


def test_one_persons_consent_is_taken_back(sam: RelyingParty, john: User, stream: Stream) -> None:
    held = tokens(sam)
    call_command("revoke_consent", str(sam.application.pk), "--tenant", sam.segment, "--user", "john@fabrikam.example")
    assert sam.refresh(held["refresh_token"]).json()["error"] == "invalid_grant"
    assert introspected(held["access_token"], sam.application) == {"active": False}
    assert not ConsentGrant.objects.filter(account=john).exists()
    assert told() == (GRANT, {"tenant", "user", "application"})
    assert AuditRecord.objects.get(action="application.consentRevoked").actor == "command line"


def test_everything_of_a_tenant_is_taken_back(
    sam: RelyingParty, john: User, alejandra: User, fabrikam: Tenant, contoso: Tenant, stream: Stream
) -> None:
    Application.objects.update(multi_tenant=True)
    sam.application.refresh_from_db()
    for tenant in (fabrikam, contoso):
        grant_app_roles(
            application=sam.application,
            tenant=tenant,
            permissions=["PartnerCenter.Access.All"],
            actor="test",
            resource=partner_center(),
        )
    held = tokens(sam)
    call_command("revoke_consent", str(sam.application.pk), "--tenant", sam.segment)
    assert sam.refresh(held["refresh_token"]).json()["error"] == "invalid_grant"
    assert not ConsentGrant.objects.filter(tenant=fabrikam).exists()
    assert [str(row.tenant_id) for row in AppRoleGrant.objects.all()] == [str(contoso.pk)]
    assert told() == (EVERYTHING, {"tenant", "application"})


def test_another_persons_and_another_applications_grants_stay(sam: RelyingParty, john: User, stream: Stream) -> None:
    held = tokens(sam)
    other = User.objects.create(tenant=john.tenant, user_principal_name="ann@fabrikam.example", display_name="Ann")
    call_command(
        "revoke_consent", str(sam.application.pk), "--tenant", sam.segment, "--user", other.user_principal_name
    )
    assert Grant.objects.filter(revoked_at=None).exists()
    assert sam.refresh(held["refresh_token"]).status_code == 200


def own_token(sam: RelyingParty, tenant: Tenant) -> str:
    """A token that the application got by itself, with what it was granted just now."""
    about: Any = {"application": sam.application, "tenant": tenant, "resource": partner_center()}
    grant_app_roles(**about, permissions=["PartnerCenter.Access.All"], actor="test")
    asked = {"grant_type": "client_credentials", "scope": f"{API}/.default"}
    return str(sam.token(**asked, redirect_uri=None, code_verifier=None).json()["access_token"])


def test_an_application_permission_taken_away_bars_the_applications_own_tokens(
    sam: RelyingParty, john: User, fabrikam: Tenant, stream: Stream
) -> None:
    oid, held = unverified(own_token(sam, fabrikam))["oid"], tokens(sam)
    taken = [
        "grant_app_roles",
        str(sam.application.pk),
        "PartnerCenter.Access.All",
        "--tenant",
        sam.segment,
        "--revoke",
    ]
    call_command(*taken, "--resource", API)
    call_command(*taken, "--resource", API)  # nothing was left: nothing to tell
    assert told() == (GRANT, {"tenant", "user", "application"})
    assert str(OutgoingEvent.objects.get().account_id) == oid
    assert sam.refresh(held["refresh_token"]).status_code == 200  # what people let it do is another matter


@pytest.mark.parametrize("change", ["--disable", "--revoke-tokens"])
def test_an_application_loses_its_tokens_in_every_tenant(
    sam: RelyingParty, john: User, fabrikam: Tenant, contoso: Tenant, stream: Stream, change: str
) -> None:
    Application.objects.update(multi_tenant=True)
    sam.application.refresh_from_db()
    about: Any = {"application": sam.application, "resource": partner_center(), "actor": "test"}
    grant_app_roles(**about, tenant=contoso, permissions=["PartnerCenter.Access.All"])
    by_itself, held = own_token(sam, fabrikam), tokens(sam)
    call_command("set_application", str(sam.application.pk), change)
    events = OutgoingEvent.objects.all()
    assert {(one.type, str(one.tenant_id), one.account_id) for one in events} == {
        (EVERYTHING, str(fabrikam.pk), None),
        (EVERYTHING, str(contoso.pk), None),
    }
    call_command("set_application", str(sam.application.pk), "--enable")
    assert sam.refresh(held["refresh_token"]).json()["error_codes"] == [70008]
    assert presented(held["access_token"], to=[partner_center()]) is None
    assert presented(by_itself, to=[partner_center()]) is None
    time.sleep(1 - time.time() % 1)  # tokens tell the second of their issue
    assert presented(own_token(sam, fabrikam), to=[partner_center()])


def test_a_disabled_application_gets_no_tokens_until_it_is_enabled(sam: RelyingParty, stream: Stream) -> None:
    asked: Any = {
        "grant_type": "client_credentials",
        "scope": f"{API}/.default",
        "redirect_uri": None,
        "code_verifier": None,
    }
    call_command("set_application", str(sam.application.pk), "--disable")
    assert sam.token(**asked).json()["error_codes"] == [7000112]
    call_command("set_application", str(sam.application.pk), "--enable")
    call_command("set_application", str(sam.application.pk), "--enable")
    assert sam.token(**asked).json()["error_codes"] == [501051]
    actions = AuditRecord.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions)[-2:] == ["application.disabled", "application.enabled"]


def test_an_unknown_application_is_not_changed(db: None) -> None:
    with pytest.raises(CommandError, match="No application"):
        call_command("set_application", "nonsense", "--disable")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense", "--tenant", "fabrikam.example"],
        ["{id}", "--tenant", "nowhere.example"],
        ["{id}", "--tenant", "fabrikam.example", "--user", "nobody@fabrikam.example"],
    ],
)
def test_who_is_not_there_is_said(sam: RelyingParty, arguments: list[str]) -> None:
    with pytest.raises(CommandError, match=r"no application|no tenant|nobody named"):
        call_command("revoke_consent", *[each.format(id=sam.application.pk) for each in arguments])


class TestTheServerOfAnApi:
    """The service behind an API may ask about the tokens it is shown."""

    def test_it_asks_about_tokens_for_it(
        self, sam: RelyingParty, john: User, other_application: Application, settings: Settings
    ) -> None:
        token = tokens(sam)["access_token"]
        assert introspected(token, other_application, "another-secret") == {"active": False}
        settings.PARTNER_CENTER_SERVER = str(other_application.pk)
        said = introspected(token, other_application, "another-secret")
        assert (said["active"], said["oid"], said["aud"]) == (True, str(john.pk), API)
        assert "groups" in said

    def test_it_asks_about_nothing_else(
        self, sam: RelyingParty, other_application: Application, settings: Settings
    ) -> None:
        settings.PARTNER_CENTER_SERVER = str(other_application.pk)
        scope = "openid offline_access https://graph.microsoft.com/Directory.AccessAsUser.All"
        held = sam.token(code=sam.code(scope=scope)).json()
        for token in (held["access_token"], held["refresh_token"]):
            assert introspected(token, other_application, "another-secret") == {"active": False}

    def test_an_applications_own_token_counts_while_its_permission_stands(
        self, sam: RelyingParty, fabrikam: Tenant, other_application: Application, settings: Settings
    ) -> None:
        settings.PARTNER_CENTER_SERVER = str(other_application.pk)
        about: Any = {"application": sam.application, "tenant": fabrikam, "resource": partner_center()}
        grant_app_roles(**about, permissions=["PartnerCenter.Access.All"], actor="test")
        asked = {"grant_type": "client_credentials", "scope": f"{API}/.default"}
        token = sam.token(**asked, redirect_uri=None, code_verifier=None).json()["access_token"]
        said = introspected(token, other_application, "another-secret")
        assert (said["active"], said["roles"]) == (True, ["PartnerCenter.Access.All"])
        AppRoleGrant.objects.all().delete()
        assert introspected(token, other_application, "another-secret") == {"active": False}
