"""What an attacker tries at the provider (RFC 9700, ASVS 10.4)."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest
import time_machine
from django.test import Client

from entra.apps.models import Application
from entra.directory.models import Tenant, User
from entra.oauth.models import Grant
from entra.signin.method import Method
from tests.entra.conftest import ESSENTIAL_MFA, REDIRECT_URI, RelyingParty
from tests.entra.oauth.conftest import error_of

# Codes


def test_a_replayed_code_voids_what_was_issued_for_it(signed_in_rp: RelyingParty) -> None:
    code = signed_in_rp.code()
    tokens = signed_in_rp.token(code=code).json()
    assert error_of(signed_in_rp.token(code=code)) == ("invalid_grant", 54005)
    assert error_of(signed_in_rp.refresh(tokens["refresh_token"])) == ("invalid_grant", 70008)
    header = f"Bearer {tokens['access_token']}"
    assert signed_in_rp.browser.get("/oidc/userinfo", HTTP_AUTHORIZATION=header).status_code == 401


def test_a_tampered_code_is_refused(signed_in_rp: RelyingParty) -> None:
    assert error_of(signed_in_rp.token(code=signed_in_rp.code()[:-1] + "!")) == ("invalid_grant", 70000)


@pytest.mark.requirement("M23")
@pytest.mark.parametrize(("seconds", "works"), [(299, True), (300, False)])
def test_a_code_lives_five_minutes(
    rp: RelyingParty, john: User, sign_in: Callable[..., None], seconds: int, works: bool
) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign_in(rp.browser, john)
        code = rp.code()
        clock.shift(seconds)
        assert (rp.token(code=code).status_code == 200) is works


def test_a_code_of_another_application_is_refused(signed_in_rp: RelyingParty, other_application: Application) -> None:
    code = signed_in_rp.code()
    thief = {"client_id": str(other_application.pk), "client_secret": "another-secret"}
    assert error_of(signed_in_rp.token(code=code, **thief)) == ("invalid_grant", 70000)
    assert signed_in_rp.token(code=code).status_code == 200  # and the owner's still works


def test_a_code_is_bound_to_its_redirect_address(signed_in_rp: RelyingParty) -> None:
    code = signed_in_rp.code()
    assert error_of(signed_in_rp.token(code=code, redirect_uri="https://app.example/")) == ("invalid_grant", 50011)


@pytest.mark.parametrize("verifier", [None, "", "w" * 64])
def test_a_code_without_its_verifier_is_refused(signed_in_rp: RelyingParty, verifier: str | None) -> None:
    assert error_of(signed_in_rp.token(code=signed_in_rp.code(), code_verifier=verifier)) == ("invalid_grant", 501481)


def test_a_verifier_without_a_challenge_is_refused(signed_in_rp: RelyingParty, application: Application) -> None:
    """The challenge was cut out of the request on its way (RFC 9700 4.8.2)."""
    application.require_pkce = False
    application.save()
    code = signed_in_rp.code(code_challenge=None, code_challenge_method=None)
    assert error_of(signed_in_rp.token(code=code)) == ("invalid_grant", 501481)


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": "short"},
    ],
)
def test_pkce_with_s256_is_required(signed_in_rp: RelyingParty, changes: dict[str, str | None]) -> None:
    answer = signed_in_rp.answer(**changes)
    assert answer["error"] == "invalid_request"
    assert answer["error_description"].startswith("AADSTS9002325")


def test_a_code_of_one_tenant_is_not_redeemed_at_another(signed_in_rp: RelyingParty, contoso: Tenant) -> None:
    code = signed_in_rp.code()
    signed_in_rp.segment = str(contoso.pk)
    assert error_of(signed_in_rp.token(code=code)) == ("invalid_grant", 700005)


# Essential requirements with a live single-factor session (CVE-2026-97176 is this one elsewhere)


@pytest.mark.requirement("M11", "V3")
@pytest.mark.parametrize("prompt", [None, "none", "login", "consent", "select_account"])
@pytest.mark.parametrize(
    "demand",
    [
        {"claims": ESSENTIAL_MFA},
        {"claims": '{"id_token":{"acr":{"essential":true,"values":["urn:microsoft:policies:mfa"]}}}'},
        {"claims": '{"id_token":{"acr":{"essential":true,"value":"2"}}}'},
        {"claims": '{"access_token":{"acr":{"essential":true,"values":["possessionorinherence"]}}}'},
        {"claims": '{"id_token":{"acrs":{"essential":true,"value":"c1"}}}'},
        {"claims": '{"id_token":{"acr":{"essential":true,"values":["made-up"]}}}'},
    ],
)
def test_a_single_factor_session_gets_no_code_for_essential_mfa(
    signed_in_rp: RelyingParty, prompt: str | None, demand: dict[str, str]
) -> None:
    response = signed_in_rp.authorize(prompt=prompt, **demand)
    assert response.status_code == 303
    assert "code=" not in response["Location"]
    assert Grant.objects.count() == 0


def test_resuming_without_having_done_the_step_leads_back_to_it(signed_in_rp: RelyingParty) -> None:
    step = signed_in_rp.authorize(claims=ESSENTIAL_MFA)["Location"]
    interaction = step.split("/")[2]
    assert signed_in_rp.browser.get(f"/signin/{interaction}/resume")["Location"] == step


@pytest.mark.parametrize("page", ["", "/resume", "/password", "/register", "/register/set-up", "/verify", "/consent"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_an_interaction_cannot_be_taken_over_by_another_browser(
    signed_in_rp: RelyingParty, john: User, sign_in: Callable[..., None], signed_in: bool, page: str
) -> None:
    """Not even with a session of its own, of the same person, that would meet the demand."""
    interaction = signed_in_rp.authorize(claims=ESSENTIAL_MFA)["Location"].split("/")[2]
    other = Client()
    if signed_in:
        sign_in(other, john, Method.PASSWORD, Method.AUTHENTICATOR_APP)
    assert other.get(f"/signin/{interaction}{page}").status_code == 404


def test_evidence_survives_a_refresh_unchanged(signed_in_rp: RelyingParty, john: User, sign_in: Any) -> None:
    """A step-up afterwards does not reach into tokens of before."""
    tokens = signed_in_rp.tokens()
    sign_in(signed_in_rp.browser, john, Method.AUTHENTICATOR_APP)
    after = signed_in_rp.id_claims(signed_in_rp.refresh(tokens["refresh_token"]).json()["id_token"])
    assert after["amr"] == ["pwd"]
    assert signed_in_rp.id_claims(signed_in_rp.tokens()["id_token"])["amr"] == ["pwd", "otp", "mfa"]


# Redirects


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/callback",
        "https://app.example/callback/",
        "https://app.example/callback?x=1",
        "https://app.example/callback#x",
        "https://app.example@evil.example/callback",
        "https://app.example:444/callback",
        "http://app.example/callback",
        "HTTPS://app.example/callback",
        "//app.example/callback",
        "javascript:alert(1)",
        "",
    ],
)
def test_only_the_registered_address_is_answered(signed_in_rp: RelyingParty, address: str) -> None:
    for changes in ({}, {"response_type": "token"}, {"prompt": "none"}):
        response = signed_in_rp.authorize(redirect_uri=address, **changes)
        assert response.status_code == 400
        assert "Location" not in response.headers


def test_two_redirect_addresses_are_refused(signed_in_rp: RelyingParty) -> None:
    given = {**signed_in_rp.parameters(), "redirect_uri": [REDIRECT_URI, "https://evil.example/"]}
    response = signed_in_rp.browser.get(f"/{signed_in_rp.segment}/oauth2/v2.0/authorize", given)
    assert response.status_code == 400


# Hints of another


def test_an_id_token_hint_of_another_account_is_an_error(
    signed_in_rp: RelyingParty, fabrikam: Tenant, sign_in: Callable[..., None]
) -> None:
    hint = signed_in_rp.tokens()["id_token"]
    other = User.objects.create(tenant=fabrikam, user_principal_name="eve@fabrikam.example", display_name="Eve")
    sign_in(signed_in_rp.browser, other)
    for prompt in (None, "none"):
        assert signed_in_rp.answer(prompt=prompt, id_token_hint=hint)["error"] == "login_required"


def test_an_id_token_of_another_application_is_no_hint(
    signed_in_rp: RelyingParty, other_application: Application
) -> None:
    hint = signed_in_rp.tokens()["id_token"]
    other = RelyingParty(signed_in_rp.browser, other_application, signed_in_rp.segment)
    assert other.answer(id_token_hint=hint)["error"] == "invalid_request"


def test_an_access_token_is_no_hint(signed_in_rp: RelyingParty) -> None:
    assert signed_in_rp.answer(id_token_hint=signed_in_rp.tokens()["access_token"])["error"] == "invalid_request"


def test_a_code_for_another_subject_than_the_one_asked_for_is_none(signed_in_rp: RelyingParty) -> None:
    sub = signed_in_rp.id_claims(signed_in_rp.tokens()["id_token"])["sub"]
    assert "code" in signed_in_rp.answer(claims=f'{{"id_token":{{"sub":{{"value":"{sub}"}}}}}}')
    assert signed_in_rp.answer(claims='{"id_token":{"sub":{"value":"another"}}}')["error"] == "login_required"


# Requests made to break things


@pytest.mark.parametrize("name", ["state", "nonce", "login_hint", "scope", "redirect_uri", "client_id"])
def test_nul_characters_are_refused(signed_in_rp: RelyingParty, name: str) -> None:
    value = signed_in_rp.parameters().get(name, "john") + "\x00"
    assert signed_in_rp.authorize(**{name: value}).status_code == 400


@pytest.mark.parametrize("path", ["authorize", "logout"])
def test_a_nul_in_the_tenant_is_no_tenant(signed_in_rp: RelyingParty, path: str) -> None:
    assert signed_in_rp.browser.get(f"/x%00y/oauth2/v2.0/{path}", signed_in_rp.parameters()).status_code in {200, 400}
    assert signed_in_rp.browser.get("/x%00y/v2.0/.well-known/openid-configuration").status_code == 400


def test_claims_nested_without_end_are_malformed(signed_in_rp: RelyingParty) -> None:
    assert signed_in_rp.answer(claims="[" * 100_000)["error"] == "invalid_request"


def test_a_hint_with_a_strange_key_id_is_no_hint(signed_in_rp: RelyingParty) -> None:
    hint = jwt.encode({"a": 1}, "x" * 64, algorithm="HS256", headers={"kid": "a\x00"})
    assert signed_in_rp.answer(id_token_hint=hint)["error"] == "invalid_request"
