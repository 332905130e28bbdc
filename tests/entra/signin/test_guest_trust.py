"""A guest signs in at the tenant visited: its rules decide, and its trust in home MFA (M15)."""

from collections.abc import Callable
from typing import Any

import pytest

from entra.directory.models import AuthenticatorApp, Tenant, User
from entra.policy.administration import save_policy, set_home_mfa_trust
from entra.policy.evaluate import Grant
from entra.signin.method import Method
from tests.entra.conftest import ESSENTIAL_MFA, RelyingParty, make_user

pytestmark = pytest.mark.requirement("M15")
MFA = (Method.PASSWORD, Method.AUTHENTICATOR_APP)


@pytest.fixture
def guest(contoso: Tenant, john: User) -> User:
    AuthenticatorApp.objects.create(account=john, name="Phone", confirmed=True)
    return make_user(contoso, "john_guest", user_type="Guest", home_account=john)


@pytest.fixture
def visiting(rp: RelyingParty, contoso: Tenant, guest: User) -> RelyingParty:
    return RelyingParty(rp.browser, rp.application, str(contoso.pk))


def page_of(response: Any) -> str:
    assert response.status_code == 303, response.content
    return str(response["Location"].rpartition("/")[2])


def test_the_visited_tenants_rule_asks_and_home_mfa_does_not_answer_it_unless_it_is_trusted(
    rp: RelyingParty, visiting: RelyingParty, contoso: Tenant, john: User, guest: User, sign_in: Callable[..., None]
) -> None:
    save_policy(tenant=contoso, name="MFA", grant=Grant.MFA, actor="test")
    sign_in(rp.browser, john, *MFA)
    assert page_of(visiting.authorize()) == "verify"
    set_home_mfa_trust(tenant=contoso, on=True, actor="test")
    claims = visiting.id_claims(visiting.tokens()["id_token"])
    assert (claims["tid"], claims["oid"], claims["acct"]) == (str(contoso.pk), str(guest.pk), 1)
    assert claims["amr"] == ["pwd", "otp", "mfa"]
    set_home_mfa_trust(tenant=contoso, on=False, actor="test")
    assert page_of(visiting.authorize()) == "verify"


def test_a_verification_for_the_visited_tenant_is_enough_there(
    visiting: RelyingParty, contoso: Tenant, john: User, sign_in: Callable[..., None]
) -> None:
    save_policy(tenant=contoso, name="MFA", grant=Grant.MFA, actor="test")
    sign_in(visiting.browser, john, *MFA, resource_tenant=contoso)
    assert "mfa" in visiting.id_claims(visiting.tokens(claims=ESSENTIAL_MFA)["id_token"])["amr"]


def test_a_guest_without_a_method_registers_one_at_the_home_account(
    visiting: RelyingParty, contoso: Tenant, john: User, sign_in: Callable[..., None]
) -> None:
    john.authenticator_apps.all().delete()
    save_policy(tenant=contoso, name="MFA", grant=Grant.MFA, actor="test")
    sign_in(visiting.browser, john)
    response = visiting.browser.get(visiting.authorize()["Location"])
    assert "john@fabrikam.example" in response.content.decode()
    assert response.request["PATH_INFO"].endswith("/register")


def test_the_rules_at_home_do_not_reach_into_the_visited_tenant(
    rp: RelyingParty, visiting: RelyingParty, fabrikam: Tenant, john: User, sign_in: Callable[..., None]
) -> None:
    save_policy(tenant=fabrikam, name="Nobody", grant=Grant.BLOCK, actor="test")
    sign_in(rp.browser, john)
    assert "code" in visiting.answer()
    assert rp.answer()["error_description"].startswith("AADSTS53003")


def test_a_rule_that_blocks_the_guest_blocks_it_there_only(
    rp: RelyingParty, visiting: RelyingParty, contoso: Tenant, guest: User, john: User, sign_in: Callable[..., None]
) -> None:
    save_policy(tenant=contoso, name="No John", grant=Grant.BLOCK, include_users=[str(guest.pk)], actor="test")
    sign_in(rp.browser, john, *MFA)
    assert visiting.answer()["error_description"].startswith("AADSTS53003")
    assert "code" in rp.answer()
