"""The portal as a relying party: the modules of the OpenID conformance suite's Basic RP plan, by their names."""

import base64
import hashlib
import time

import pytest
from django.core.cache import cache
from pytest_django import Settings

from accounts.models import PortalSession, User
from tests.portal.accounts.conftest import Browser, asked
from tests.portal.accounts.op import CLIENT_ID, jwk


def refused(browser: Browser) -> bool:
    """Sign in and tell whether the portal refused, with a page and without a session."""
    response = browser.come_back(browser.leave())
    assert (response.status_code == 302) == PortalSession.objects.exists()
    return response.status_code == 400


@pytest.mark.requirement("M10")
def test_oidcc_client_test(browser: Browser) -> None:
    response = browser.sign_in("/dashboard/servicehealth")
    assert (response.status_code, response["Location"]) == (302, "/dashboard/servicehealth")
    assert browser.client.get("/dashboard/servicehealth").status_code == 200
    assert User.objects.get().user_principal_name == "john@fabrikam.example"


def test_the_authorize_request_has_state_nonce_and_pkce_s256(browser: Browser) -> None:
    first, second = asked(browser.leave()), asked(browser.leave())
    assert first["code_challenge_method"] == "S256"
    assert first["redirect_uri"] == "http://localhost:8000/oidc/callback"
    assert first["scope"] == "openid profile email offline_access"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 43
        assert first[name] != second[name]


def test_oidcc_client_test_client_secret_basic(browser: Browser, settings: Settings) -> None:
    settings.OIDC_TOKEN_USE_BASIC_AUTH = True
    assert browser.sign_in().status_code == 302
    request = browser.op.token_requests[0]
    assert request["basic"] == f"{CLIENT_ID}:the-client-secret"
    assert "client_secret" not in request


@pytest.mark.parametrize("issuer", ["http://evil.example/v2.0", "", "http://127.0.0.1/{tenantid}/v2.0"])
def test_oidcc_client_test_invalid_iss(browser: Browser, issuer: str) -> None:
    browser.op.changed["iss"] = issuer
    assert refused(browser)


def test_an_issuer_of_one_tenant_cannot_speak_for_another(browser: Browser) -> None:
    browser.op.changed["tid"] = "c0000000-0000-4000-8000-000000000005"
    assert refused(browser)


@pytest.mark.parametrize("audience", ["another-client", [CLIENT_ID, "another-client"], []])
def test_oidcc_client_test_invalid_aud(browser: Browser, audience: object) -> None:
    browser.op.changed["aud"] = audience
    assert refused(browser)


def test_another_authorized_party_is_refused(browser: Browser) -> None:
    browser.op.changed["azp"] = "another-client"
    assert refused(browser)


def test_oidcc_client_test_missing_iat(browser: Browser) -> None:
    browser.op.dropped = {"iat"}
    assert refused(browser)


def test_oidcc_client_test_missing_sub(browser: Browser) -> None:
    browser.op.dropped = {"sub"}
    assert refused(browser)


@pytest.mark.parametrize("claim", ["exp", "aud", "iss", "nonce"])
def test_a_token_without_a_required_claim_is_refused(browser: Browser, claim: str) -> None:
    browser.op.dropped = {claim}
    assert refused(browser)


def test_oidcc_client_test_nonce_invalid(browser: Browser) -> None:
    browser.op.changed["nonce"] = "a-nonce-of-another-request"
    assert refused(browser)


@pytest.mark.parametrize("claim", ["nonce", "at_hash"])
@pytest.mark.parametrize("value", ["n\u00f6", "\ud800", 7, None, ["n"]])
def test_a_claim_that_is_no_plain_text_is_refused_by_a_page(browser: Browser, claim: str, value: object) -> None:
    browser.op.changed[claim] = value
    assert refused(browser)


def test_oidcc_client_test_idtoken_sig_none(browser: Browser) -> None:
    browser.op.algorithm = "none"
    assert refused(browser)


def test_oidcc_client_test_idtoken_sig_rs256(browser: Browser) -> None:
    browser.op.algorithm = "RS256"
    assert not refused(browser)


def test_oidcc_client_test_invalid_sig_rs256(browser: Browser) -> None:
    browser.op.key = 1  # signed by a key that the provider does not publish, under the id of one it does
    assert refused(browser)


def test_a_tampered_token_is_refused(browser: Browser) -> None:
    browser.op.tamper = True
    assert refused(browser)


def test_a_symmetric_signature_is_refused(browser: Browser) -> None:
    browser.op.algorithm = "HS256"
    assert refused(browser)


def test_oidcc_client_test_kid_absent_single_jwks(browser: Browser) -> None:
    browser.op.kid = None
    assert not refused(browser)


def test_oidcc_client_test_kid_absent_multiple_jwks(browser: Browser) -> None:
    browser.op.kid = None
    browser.op.jwks = [jwk(0, "key-0"), jwk(1, "key-1")]
    assert refused(browser)


def test_oidcc_client_test_scope_userinfo_claims(browser: Browser) -> None:
    browser.op.dropped = {"name", "preferred_username"}
    browser.op.userinfo = {"sub": "subject-of-john", "name": "John E.", "email": "john@fabrikam.example"}
    assert browser.sign_in().status_code == 302
    assert User.objects.get().display_name == "John E."


def test_oidcc_client_test_userinfo_bearer_header(browser: Browser) -> None:
    browser.op.dropped = {"name"}
    browser.op.userinfo = {"sub": "subject-of-john", "name": "John E."}
    browser.sign_in()
    assert browser.op.userinfo_authorization == "Bearer an-access-token"


def test_oidcc_client_test_userinfo_invalid_sub(browser: Browser) -> None:
    browser.op.dropped = {"name"}
    browser.op.userinfo = {"sub": "subject-of-somebody-else", "name": "Somebody else"}
    assert refused(browser)
    assert not User.objects.exists()


def test_userinfo_never_gives_roles_or_evidence(browser: Browser) -> None:
    browser.op.dropped = {"name", "groups"}
    browser.op.userinfo = {
        "sub": "subject-of-john",
        "name": "John E.",
        "amr": ["mfa"],
        "groups": ["a0000000-0000-4000-8000-000000000031"],
    }
    browser.sign_in()
    assert User.objects.get().projected_roles == []
    assert PortalSession.objects.get().evidence[0].amr == ("pwd",)


def test_oidcc_client_test_discovery_issuer_mismatch(browser: Browser) -> None:
    browser.op.discovery["issuer"] = "https://evil.example/{tenantid}/v2.0"
    response = browser.client.get("/oidc/authenticate")
    assert response.status_code == 503


def test_oidcc_client_test_signing_key_rotation(browser: Browser) -> None:
    assert browser.sign_in().status_code == 302
    browser.op.jwks, browser.op.kid, browser.op.key = [jwk(0, "key-0"), jwk(1, "key-1")], "key-1", 1
    browser.client.cookies.clear()
    assert browser.sign_in().status_code == 302


def test_unknown_keys_are_looked_up_at_most_twice_a_minute(browser: Browser) -> None:
    browser.op.kid = "nobody-knows-it"
    for _ in range(3):
        assert refused(browser)
    assert browser.op.calls.count("keys") == 2


def test_discovery_is_read_once(browser: Browser) -> None:
    browser.sign_in()
    browser.leave("/commerce")
    assert browser.op.calls.count("discovery") == 1


def test_oidcc_client_test_form_post_error(browser: Browser) -> None:
    state = asked(browser.leave())["state"]
    response = browser.client.post("/oidc/callback", {"error": "server_error", "state": state})
    assert response.status_code == 303
    assert browser.client.get(response["Location"]).status_code == 403


def test_a_form_post_answer_is_picked_up_by_get_with_the_browsers_cookies(browser: Browser) -> None:
    code, state = browser.op.code_for(browser.leave("/dashboard/servicehealth"))
    browser_cookies = browser.client.cookies
    foreign_post = type(browser.client)(enforce_csrf_checks=True)  # another site's POST carries no cookie of ours
    response = foreign_post.post("/oidc/callback", {"code": code, "state": state})
    assert (response.status_code, response["Location"].partition("?")[0]) == (303, "/oidc/resume")
    browser.client.cookies = browser_cookies
    done = browser.client.get(response["Location"])
    assert (done.status_code, done["Location"]) == (302, "/dashboard/servicehealth")


def test_a_form_post_answer_is_kept_once(browser: Browser) -> None:
    code, state = browser.op.code_for(browser.leave())
    assert browser.client.post("/oidc/callback", {"code": code, "state": state}).status_code == 303
    assert browser.client.post("/oidc/callback", {"code": "another", "state": state}).status_code == 400


@pytest.mark.parametrize(("seconds", "accepted"), [(-30, True), (-90, False)])
def test_the_clocks_may_differ_by_60_seconds_at_the_end(browser: Browser, seconds: int, accepted: bool) -> None:
    browser.op.changed["exp"] = int(time.time()) + seconds
    assert refused(browser) != accepted


@pytest.mark.parametrize("claim", ["nbf", "iat"])
@pytest.mark.parametrize(("seconds", "accepted"), [(30, True), (90, False)])
def test_the_clocks_may_differ_by_60_seconds_at_the_start(
    browser: Browser, claim: str, seconds: int, accepted: bool
) -> None:
    browser.op.changed[claim] = int(time.time()) + seconds
    assert refused(browser) != accepted


def test_a_wrong_access_token_hash_is_refused(browser: Browser) -> None:
    browser.op.changed["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA"
    assert refused(browser)


def test_a_right_access_token_hash_is_accepted(browser: Browser) -> None:
    left_half = hashlib.sha256(b"an-access-token").digest()[:16]
    browser.op.changed["at_hash"] = base64.urlsafe_b64encode(left_half).rstrip(b"=").decode()
    assert not refused(browser)


def test_the_mix_up_defence_refuses_another_providers_answer_before_redeeming(browser: Browser) -> None:
    response = browser.come_back(browser.leave(), iss="https://evil.example")
    assert response.status_code == 400
    assert browser.op.token_requests == []


def test_an_answer_in_the_name_of_another_tenant_than_its_token_is_refused(browser: Browser) -> None:
    another = browser.op.issuer.replace("000000000003/", "000000000005/")
    assert browser.come_back(browser.leave(), iss=another).status_code == 400
    assert not PortalSession.objects.exists()


def test_an_announced_iss_must_come(browser: Browser) -> None:
    browser.op.discovery["authorization_response_iss_parameter_supported"] = True
    cache.clear()
    assert browser.come_back(browser.leave()).status_code == 400
    assert browser.come_back(browser.leave(), iss=browser.op.issuer).status_code == 302


def test_hints_reach_the_provider(browser: Browser) -> None:
    url = browser.client.get("/oidc/authenticate?login_hint=john%40fabrikam.example&domain_hint=fabrikam.example")
    request = asked(url["Location"])
    assert (request["login_hint"], request["domain_hint"]) == ("john@fabrikam.example", "fabrikam.example")
