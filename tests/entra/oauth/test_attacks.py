"""What an attacker tries at the provider (RFC 9700, ASVS 10.4)."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from entra.apps.models import Application
from entra.apps.services import register_application
from entra.directory.models import Tenant, User
from entra.oauth.models import Grant, RefreshToken
from entra.signin.method import Method
from tests.entra.conftest import ESSENTIAL_MFA, REDIRECT_URI, RelyingParty

PUBLIC_ID = "10000000-0000-4000-8000-00000000000b"


@pytest.fixture
def public_rp(signed_in_rp: RelyingParty, fabrikam: Tenant) -> RelyingParty:
    application = register_application(
        client_id=PUBLIC_ID,
        tenant=fabrikam,
        name="Desktop tool",
        redirect_uris=[REDIRECT_URI],
        public=True,
        preauthorized=True,
    )
    return RelyingParty(signed_in_rp.browser, application, str(fabrikam.pk))


@pytest.fixture
def other_application(fabrikam: Tenant) -> Application:
    return register_application(
        client_id="10000000-0000-4000-8000-00000000000c",
        tenant=fabrikam,
        name="Another",
        redirect_uris=[REDIRECT_URI],
        secret="another-secret",
        preauthorized=True,
    )


def error_of(response: Any) -> tuple[str, int]:
    assert response.status_code in {400, 401}, response.content
    return response.json()["error"], response.json()["error_codes"][0]


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


def test_an_interaction_cannot_be_taken_over_by_another_browser(signed_in_rp: RelyingParty) -> None:
    interaction = signed_in_rp.authorize(claims=ESSENTIAL_MFA)["Location"].split("/")[2]
    assert Client().get(f"/signin/{interaction}/resume").status_code == 404


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


# Refresh tokens


def test_a_public_client_that_reuses_a_refresh_token_loses_the_family(public_rp: RelyingParty) -> None:
    first = public_rp.token(code=public_rp.code(), client_secret=None).json()["refresh_token"]
    second = public_rp.refresh(first, client_secret=None).json()["refresh_token"]
    assert error_of(public_rp.refresh(first, client_secret=None)) == ("invalid_grant", 70008)
    assert error_of(public_rp.refresh(second, client_secret=None)) == ("invalid_grant", 70008)


def test_a_confidential_client_may_repeat_itself_for_a_while(rp: RelyingParty, john: User, sign_in: Any) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign_in(rp.browser, john)
        first = rp.tokens()["refresh_token"]
        second = rp.refresh(first).json()["refresh_token"]
        clock.shift(3600)
        assert rp.refresh(first).status_code == 200
        clock.shift(24 * 3600)
        assert error_of(rp.refresh(first)) == ("invalid_grant", 70008)
        assert rp.refresh(second).status_code == 200


def test_a_strict_confidential_client_loses_the_family_too(
    signed_in_rp: RelyingParty, application: Application
) -> None:
    application.strict_refresh = True
    application.save()
    first = signed_in_rp.tokens()["refresh_token"]
    second = signed_in_rp.refresh(first).json()["refresh_token"]
    assert error_of(signed_in_rp.refresh(first)) == ("invalid_grant", 70008)
    assert error_of(signed_in_rp.refresh(second)) == ("invalid_grant", 70008)


def test_a_refresh_token_of_another_application_is_refused(
    signed_in_rp: RelyingParty, other_application: Application
) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    thief = {"client_id": str(other_application.pk), "client_secret": "another-secret"}
    assert error_of(signed_in_rp.refresh(token, **thief)) == ("invalid_grant", 70000)


def test_a_refresh_token_does_not_widen_its_scope(signed_in_rp: RelyingParty) -> None:
    token = signed_in_rp.tokens(scope="openid offline_access")["refresh_token"]
    assert error_of(signed_in_rp.refresh(token, scope="openid profile")) == ("invalid_scope", 70011)


def test_a_refresh_token_lives_90_days(rp: RelyingParty, john: User, sign_in: Any) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign_in(rp.browser, john)
        token = rp.tokens()["refresh_token"]
        clock.shift(90 * 24 * 3600)
        assert error_of(rp.refresh(token)) == ("invalid_grant", 70008)


def test_only_hashes_are_stored(signed_in_rp: RelyingParty) -> None:
    token = signed_in_rp.tokens()["refresh_token"]
    assert token not in str(list(RefreshToken.objects.values()))


@pytest.mark.requirement("M22")
@pytest.mark.parametrize("change", ["disabled", "revoked"])
def test_a_disabled_account_or_a_revoked_session_ends_every_token(
    signed_in_rp: RelyingParty, john: User, change: str
) -> None:
    tokens = signed_in_rp.tokens()
    code = signed_in_rp.code()
    if change == "disabled":
        john.account_enabled = False
    else:
        john.sessions_valid_from = Grant.objects.latest("created_at").created_at.replace(year=2100)
    john.save()
    assert signed_in_rp.token(code=code).status_code == 400
    assert signed_in_rp.refresh(tokens["refresh_token"]).status_code == 400
    header = f"Bearer {tokens['access_token']}"
    assert signed_in_rp.browser.get("/oidc/userinfo", HTTP_AUTHORIZATION=header).status_code == 401
    assert signed_in_rp.authorize(prompt="none")["Location"].startswith(f"{REDIRECT_URI}?error=login_required")


# Tokens at the wrong place


def test_an_id_token_is_not_an_access_token(signed_in_rp: RelyingParty) -> None:
    header = f"Bearer {signed_in_rp.tokens()['id_token']}"
    response = signed_in_rp.browser.get("/oidc/userinfo", HTTP_AUTHORIZATION=header)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')


def test_an_expired_access_token_is_refused(rp: RelyingParty, john: User, sign_in: Any) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign_in(rp.browser, john)
        header = f"Bearer {rp.tokens()['access_token']}"
        clock.shift(3899)
        assert rp.browser.get("/oidc/userinfo", HTTP_AUTHORIZATION=header).status_code == 200
        clock.shift(2)
        assert rp.browser.get("/oidc/userinfo", HTTP_AUTHORIZATION=header).status_code == 401


@pytest.mark.requirement("M23")
def test_the_provider_session_lasts_24_hours(rp: RelyingParty, john: User, sign_in: Any) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign_in(rp.browser, john)
        clock.shift(24 * 3600 - 1)
        assert "code" in rp.answer(prompt="none")
        clock.shift(1)
        assert rp.answer(prompt="none")["error"] == "login_required"
