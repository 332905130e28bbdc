"""No longer believing MFA from home ends what rests on it, and nothing else (M15, M22)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from activity.models import AuditRecord
from entra.directory.administration.accounts import void_sessions
from entra.directory.models import Tenant, User
from entra.oauth.home_trust import change_home_mfa_trust
from entra.oauth.models import Grant
from entra.policy.administration import set_home_mfa_trust
from entra.signin.method import Method, Source
from mailing.models import OutgoingMail
from tests.entra.conftest import RelyingParty, make_user
from tests.entra.events.conftest import CAEP, guest_of_john, stream, told

__all__ = ["guest_of_john", "stream", "told"]
pytestmark = pytest.mark.requirement("M15", "M22")
MFA = (Method.PASSWORD, Method.AUTHENTICATOR_APP)
Told = Callable[[], list[tuple[str, str, dict[str, Any]]]]


@pytest.fixture
def visiting(rp: RelyingParty, contoso: Tenant, guest_of_john: User) -> RelyingParty:
    """John of Fabrikam at an application of Contoso, which believes what he does at home."""
    set_home_mfa_trust(tenant=contoso, on=True, actor="test")
    return RelyingParty(rp.browser, rp.application, str(contoso.pk))


def before(sign_in: Callable[..., None], browser: Client, account: User, *methods: Method, **facts: Any) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=5)):
        sign_in(browser, account, *methods, **facts)


def test_a_guest_who_verified_at_home_is_signed_out_there_and_told(
    rp: RelyingParty, visiting: RelyingParty, contoso: Tenant, john: User, sign_in: Callable[..., None], told: Told
) -> None:
    before(sign_in, rp.browser, john, *MFA)
    held, at_home = visiting.tokens(), rp.tokens()
    assert change_home_mfa_trust(tenant=contoso, on=False, actor="an administrator") == 1
    assert visiting.refresh(held["refresh_token"]).json()["error_codes"] == [50173]
    assert visiting.answer(prompt="none")["error"] == "login_required"
    assert rp.refresh(at_home["refresh_token"]).status_code == 200
    assert told() == [(f"{CAEP}/session-revoked", "john_fabrikam@contoso.example", {})]
    assert "Contoso no longer accepts the verification of your home organization." in OutgoingMail.objects.get().body
    record = AuditRecord.objects.get(action="user.sessionsRevoked")
    assert (record.actor, str(record.tenant_id)) == ("an administrator", str(contoso.pk))


def test_federated_mfa_is_from_home_too(
    rp: RelyingParty, visiting: RelyingParty, contoso: Tenant, john: User, sign_in: Callable[..., None]
) -> None:
    facts = {"source": Source.FEDERATED, "proves_mfa": True, "resource_tenant": contoso}
    before(sign_in, rp.browser, john, Method.FEDERATED, **facts)
    visiting.tokens()
    assert change_home_mfa_trust(tenant=contoso, on=False, actor="test") == 1


def test_whoever_verified_for_the_tenant_or_not_at_all_stays(
    rp: RelyingParty, visiting: RelyingParty, contoso: Tenant, john: User, sign_in: Callable[..., None], told: Told
) -> None:
    before(sign_in, rp.browser, john, *MFA, resource_tenant=contoso)
    held = visiting.tokens()
    other = RelyingParty(Client(), rp.application, str(contoso.pk))
    mary = make_user(john.tenant, "mary")
    make_user(contoso, "mary_fabrikam", user_type="Guest", home_account=mary)
    before(sign_in, other.browser, mary)
    assert "mfa" not in other.id_claims(other.tokens()["id_token"])["amr"]
    assert change_home_mfa_trust(tenant=contoso, on=False, actor="test") == 0
    assert visiting.refresh(held["refresh_token"]).status_code == 200
    assert told() == []


def test_members_and_guests_of_other_tenants_stay(
    rp: RelyingParty, visiting: RelyingParty, fabrikam: Tenant, john: User, sign_in: Callable[..., None]
) -> None:
    before(sign_in, rp.browser, john, *MFA)
    visiting.tokens()
    rp.tokens()
    assert change_home_mfa_trust(tenant=fabrikam, on=False, actor="test") == 0


def test_what_is_long_over_signs_nobody_out(
    rp: RelyingParty, visiting: RelyingParty, contoso: Tenant, john: User, sign_in: Callable[..., None]
) -> None:
    before(sign_in, rp.browser, john, *MFA)
    visiting.tokens(scope="openid")
    Grant.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert change_home_mfa_trust(tenant=contoso, on=False, actor="test") == 0


def test_switching_it_on_or_off_again_signs_nobody_out(
    rp: RelyingParty, visiting: RelyingParty, contoso: Tenant, john: User, sign_in: Callable[..., None]
) -> None:
    before(sign_in, rp.browser, john, *MFA)
    visiting.tokens()
    assert change_home_mfa_trust(tenant=contoso, on=True, actor="test") == 0
    assert change_home_mfa_trust(tenant=contoso, on=False, actor="test") == 1
    assert change_home_mfa_trust(tenant=contoso, on=False, actor="test") == 0


def test_what_was_proven_before_being_signed_out_everywhere_holds_nobody(
    rp: RelyingParty, visiting: RelyingParty, contoso: Tenant, john: User, guest_of_john: User, sign_in: Any
) -> None:
    before(sign_in, rp.browser, john, *MFA, resource_tenant=contoso)
    with time_machine.travel(timezone.now() - timedelta(minutes=4)):
        void_sessions(account=guest_of_john, actor="test")
    with time_machine.travel(timezone.now() - timedelta(minutes=3)):
        sign_in(rp.browser, john, *MFA)
        visiting.tokens()
    assert change_home_mfa_trust(tenant=contoso, on=False, actor="test") == 1
