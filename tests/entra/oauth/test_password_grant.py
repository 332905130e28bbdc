"""The password grant: off by default, one factor at most, refused where more is required (V14)."""

from typing import Any

import jwt
import pytest
from django.core.management import call_command

from entra.apps.models import Application
from entra.directory.models import Tenant, User
from entra.oauth.models import Grant
from entra.policy import administration
from tests.entra.conftest import RelyingParty
from tests.entra.oauth.conftest import error_of

PASSWORD = "Partner!2026demo"
API = "https://api.partnercenter.microsoft.com"
SCOPE = f"openid offline_access {API}/user_impersonation"


@pytest.fixture
def allowed(rp: RelyingParty, john: User) -> RelyingParty:
    john.set_password(PASSWORD)
    john.save()
    call_command("set_policy", "fabrikam.example", "--password-grant", "on")
    return rp


def ask(rp: RelyingParty, **fields: str | None) -> Any:
    usual = {"username": "john@fabrikam.example", "password": PASSWORD, "scope": SCOPE}
    return rp.token(**{"grant_type": "password", "redirect_uri": None, "code_verifier": None, **usual, **fields})


@pytest.mark.requirement("V14")
def test_it_is_off_until_an_organization_switches_it_on(allowed: RelyingParty) -> None:
    call_command("set_policy", "fabrikam.example", "--password-grant", "off")
    assert error_of(ask(allowed)) == ("unsupported_grant_type", 70003)


@pytest.mark.requirement("V14")
def test_a_password_proves_a_password(allowed: RelyingParty, john: User) -> None:
    answer = ask(allowed).json()
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert (claims["aud"], claims["oid"], claims["amr"], claims["acr"]) == (API, str(john.pk), ["pwd"], "1")
    refreshed = allowed.refresh(answer["refresh_token"]).json()["access_token"]
    assert jwt.decode(refreshed, options={"verify_signature": False})["amr"] == ["pwd"]


@pytest.mark.requirement("V14")
def test_where_verification_is_required_there_is_no_token(allowed: RelyingParty, fabrikam: Tenant) -> None:
    administration.require_mfa(tenant=fabrikam, name="MFA", users=None, excluded=[], actor="a test")
    response = ask(allowed)
    assert error_of(response) == ("interaction_required", 50076)
    assert response.json()["suberror"] == "basic_action"
    assert not Grant.objects.exists()


@pytest.mark.requirement("V14")
def test_a_block_of_legacy_authentication_blocks_it(allowed: RelyingParty, fabrikam: Tenant) -> None:
    administration.set_legacy_block(tenant=fabrikam, on=True, actor="a test")
    assert error_of(ask(allowed)) == ("invalid_grant", 53003)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"password": "wrong"}, ("invalid_grant", 50126)),
        ({"username": "nobody@fabrikam.example"}, ("invalid_grant", 50126)),
        ({"username": "john@nowhere.example"}, ("unsupported_grant_type", 70003)),
        ({"username": None}, ("invalid_request", 900144)),
        ({"password": None}, ("invalid_request", 900144)),
        ({"client_secret": "wrong"}, ("invalid_client", 7000215)),
    ],
)
def test_what_is_wrong_is_said(allowed: RelyingParty, fields: dict[str, str | None], expected: tuple[str, int]) -> None:
    assert error_of(ask(allowed, **fields)) == expected


def test_disabled_accounts_and_missing_consent_are_refused(allowed: RelyingParty, john: User) -> None:
    Application.objects.update(preauthorized=False)
    assert error_of(ask(allowed)) == ("invalid_grant", 65001)
    User.objects.filter(pk=john.pk).update(account_enabled=False)
    assert error_of(ask(allowed)) == ("invalid_grant", 50057)


def test_what_is_refused_late_leaves_no_grant(allowed: RelyingParty) -> None:
    assert error_of(ask(allowed, resource=API)) == ("invalid_request", 901002)
    assert not Grant.objects.exists()


def test_guesses_run_out(allowed: RelyingParty) -> None:
    for _ in range(10):
        ask(allowed, password="wrong")
    assert error_of(ask(allowed)) == ("invalid_grant", 50053)
