"""Basic OP and Form-post OP, one test a module of the certification suite (openid-certification/conformance-suite).

Modules that ask for what this provider does not offer are answered as the suite allows: request objects are
rejected as unsupported, and there are no unsigned ID tokens.
"""

import base64
import json
from typing import Any

import jwt
import pytest
import time_machine
from django.test import Client

from entra.apps.models import Application
from entra.directory.models import User
from tests.entra.conftest import CHALLENGE, REDIRECT_URI, SECRET, RelyingParty, fields_of

NO_PKCE: dict[str, str | None] = {"code_challenge": None, "code_challenge_method": None}


@pytest.fixture(params=["query", "form_post"])
def lenient_rp(lenient_rp: RelyingParty, request: pytest.FixtureRequest) -> RelyingParty:
    """Each module twice: the form-post plan is the basic plan with the answers posted."""
    lenient_rp.response_mode = request.param
    return lenient_rp


def redeem(rp: RelyingParty, **changes: str | None) -> dict[str, Any]:
    response = rp.token(code=rp.code(**NO_PKCE, **changes), code_verifier=None)
    assert response.status_code == 200, response.content
    return response.json()


def userinfo(rp: RelyingParty, token: str) -> Any:
    return rp.browser.get("/oidc/userinfo", HTTP_AUTHORIZATION=f"Bearer {token}")


def test_oidcc_server(lenient_rp: RelyingParty) -> None:
    answer = lenient_rp.answer(**NO_PKCE)
    assert answer["state"] == "af0ifjsldkj"
    credentials = base64.b64encode(f"{lenient_rp.application.pk}:{SECRET}".encode()).decode()
    response = lenient_rp.browser.post(
        f"/{lenient_rp.segment}/oauth2/v2.0/token",
        {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": REDIRECT_URI},
        HTTP_AUTHORIZATION=f"Basic {credentials}",
    )
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    tokens = response.json()
    assert tokens["token_type"] == "Bearer"
    claims = lenient_rp.id_claims(tokens["id_token"])
    assert claims["nonce"] == "n-0S6_WzA2Mj"
    assert claims["iss"] == f"http://localhost:8001/{lenient_rp.segment}/v2.0"
    assert {"sub", "iat", "exp", "nbf", "tid", "oid", "sid", "auth_time"} <= set(claims)


def test_oidcc_server_client_secret_post(lenient_rp: RelyingParty) -> None:
    assert "id_token" in redeem(lenient_rp)


def test_oidcc_alternate_happy_flow(lenient_rp: RelyingParty) -> None:
    """The same, with the answer posted to the redirect address."""
    page = lenient_rp.authorize(response_mode="form_post", **NO_PKCE)
    assert page.status_code == 200
    assert f'action="{REDIRECT_URI}"' in page.content.decode()
    assert 'name="code"' in page.content.decode()
    assert "form-action 'self' https://app.example;" in page["Content-Security-Policy"] + ";"


def test_oidcc_response_type_missing(lenient_rp: RelyingParty) -> None:
    answer = lenient_rp.answer(response_type=None)
    assert (answer["error"], answer["state"]) == ("invalid_request", "af0ifjsldkj")


def test_oidcc_idtoken_signature(lenient_rp: RelyingParty) -> None:
    token = redeem(lenient_rp)["id_token"]
    header = jwt.get_unverified_header(token)
    assert header["alg"] == "RS256"
    assert header["kid"] in {
        key["kid"] for key in lenient_rp.browser.get(f"/{lenient_rp.segment}/discovery/v2.0/keys").json()["keys"]
    }
    with pytest.raises(jwt.InvalidSignatureError):
        lenient_rp.id_claims(token[:-8] + "AAAAAAAA")


def test_oidcc_idtoken_unsigned(lenient_rp: RelyingParty) -> None:
    metadata = lenient_rp.browser.get(f"/{lenient_rp.segment}/v2.0/.well-known/openid-configuration").json()
    assert "none" not in metadata["id_token_signing_alg_values_supported"]


def test_oidcc_userinfo_get(lenient_rp: RelyingParty) -> None:
    tokens = redeem(lenient_rp)
    response = userinfo(lenient_rp, tokens["access_token"])
    assert response.status_code == 200
    assert response.json()["sub"] == lenient_rp.id_claims(tokens["id_token"])["sub"]


def test_oidcc_userinfo_post_header(lenient_rp: RelyingParty) -> None:
    token = redeem(lenient_rp)["access_token"]
    assert lenient_rp.browser.post("/oidc/userinfo", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200


def test_oidcc_userinfo_post_body(lenient_rp: RelyingParty) -> None:
    token = redeem(lenient_rp)["access_token"]
    assert lenient_rp.browser.post("/oidc/userinfo", {"access_token": token}).status_code == 200


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(lenient_rp: RelyingParty) -> None:
    assert "nonce" not in lenient_rp.id_claims(redeem(lenient_rp, nonce=None)["id_token"])


def test_oidcc_scope_profile(lenient_rp: RelyingParty) -> None:
    said = userinfo(lenient_rp, redeem(lenient_rp, scope="openid profile")["access_token"]).json()
    assert (said["name"], said["given_name"], said["family_name"]) == ("John Example", "John", "Example")
    assert "email" not in said


def test_oidcc_scope_email(lenient_rp: RelyingParty) -> None:
    said = userinfo(lenient_rp, redeem(lenient_rp, scope="openid email")["access_token"]).json()
    assert said["email"] == "john@fabrikam.example"
    assert "name" not in said


def test_oidcc_scope_address(lenient_rp: RelyingParty) -> None:
    said = userinfo(lenient_rp, redeem(lenient_rp, scope="openid address")["access_token"]).json()
    assert set(said) == {"sub"}  # the directory holds no postal address


def test_oidcc_scope_phone(lenient_rp: RelyingParty) -> None:
    said = userinfo(lenient_rp, redeem(lenient_rp, scope="openid phone")["access_token"]).json()
    assert set(said) == {"sub"}  # nor a phone number


def test_oidcc_scope_all(lenient_rp: RelyingParty) -> None:
    tokens = redeem(lenient_rp, scope="openid profile email address phone")
    assert tokens["scope"] == "openid profile email address phone"
    assert {"sub", "name", "email"} <= set(userinfo(lenient_rp, tokens["access_token"]).json())


def test_oidcc_display_page(lenient_rp: RelyingParty) -> None:
    assert "id_token" in redeem(lenient_rp, display="page")


def test_oidcc_display_popup(lenient_rp: RelyingParty) -> None:
    assert "id_token" in redeem(lenient_rp, display="popup")


def test_oidcc_prompt_login(lenient_rp: RelyingParty, john: User, sign_in: Any) -> None:
    with time_machine.travel(0, tick=False) as clock:
        clock.move_to("2030-01-01T12:00:00Z")
        sign_in(lenient_rp.browser, john)
        first = lenient_rp.id_claims(redeem(lenient_rp)["id_token"])["auth_time"]
        clock.shift(60)
        asked = lenient_rp.authorize(prompt="login", **NO_PKCE)
        assert asked["Location"].endswith("/password")
        clock.shift(5)
        sign_in(lenient_rp.browser, john)
        response = lenient_rp.browser.get(asked["Location"].replace("/password", "/resume"))
        tokens = lenient_rp.token(code=fields_of(response)["code"], code_verifier=None).json()
        assert lenient_rp.id_claims(tokens["id_token"])["auth_time"] == first + 65


def test_oidcc_prompt_none_not_logged_in(lenient_rp: RelyingParty, stranger_browser: Client) -> None:
    lenient_rp.browser = stranger_browser
    assert lenient_rp.answer(prompt="none", **NO_PKCE)["error"] == "login_required"


def test_oidcc_prompt_none_logged_in(lenient_rp: RelyingParty) -> None:
    first = lenient_rp.id_claims(redeem(lenient_rp)["id_token"])
    second = lenient_rp.id_claims(redeem(lenient_rp, prompt="none")["id_token"])
    assert (first["sub"], first["auth_time"]) == (second["sub"], second["auth_time"])


def test_oidcc_max_age_1(lenient_rp: RelyingParty, john: User, sign_in: Any) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign_in(lenient_rp.browser, john)
        clock.shift(2)
        assert lenient_rp.authorize(max_age="1", **NO_PKCE)["Location"].endswith("/password")


def test_oidcc_max_age_10000(lenient_rp: RelyingParty) -> None:
    first = lenient_rp.id_claims(redeem(lenient_rp)["id_token"])
    second = lenient_rp.id_claims(redeem(lenient_rp, max_age="10000")["id_token"])
    assert first["auth_time"] == second["auth_time"]


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(lenient_rp: RelyingParty) -> None:
    assert "id_token" in redeem(lenient_rp, extra="foobar")


def test_oidcc_id_token_hint(lenient_rp: RelyingParty) -> None:
    first = redeem(lenient_rp)["id_token"]
    second = redeem(lenient_rp, prompt="none", id_token_hint=first)["id_token"]
    assert lenient_rp.id_claims(first)["sub"] == lenient_rp.id_claims(second)["sub"]


def test_oidcc_login_hint(lenient_rp: RelyingParty) -> None:
    assert "id_token" in redeem(lenient_rp, login_hint="john@fabrikam.example")


def test_oidcc_ui_locales(lenient_rp: RelyingParty) -> None:
    assert "id_token" in redeem(lenient_rp, ui_locales="se")


def test_oidcc_claims_locales(lenient_rp: RelyingParty) -> None:
    assert "id_token" in redeem(lenient_rp, claims_locales="se")


def test_oidcc_ensure_request_with_acr_values_succeeds(lenient_rp: RelyingParty) -> None:
    assert lenient_rp.id_claims(redeem(lenient_rp, acr_values="1 2")["id_token"])["acr"] == "1"


def test_oidcc_codereuse(lenient_rp: RelyingParty) -> None:
    code = lenient_rp.code(**NO_PKCE)
    tokens = lenient_rp.token(code=code, code_verifier=None).json()
    again = lenient_rp.token(code=code, code_verifier=None)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert userinfo(lenient_rp, tokens["access_token"]).status_code == 401


def test_oidcc_codereuse_30seconds(lenient_rp: RelyingParty, john: User, sign_in: Any) -> None:
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        sign_in(lenient_rp.browser, john)
        code = lenient_rp.code(**NO_PKCE)
        tokens = lenient_rp.token(code=code, code_verifier=None).json()
        clock.shift(30)
        assert lenient_rp.token(code=code, code_verifier=None).json()["error"] == "invalid_grant"
        assert userinfo(lenient_rp, tokens["access_token"]).status_code == 401


def test_oidcc_ensure_registered_redirect_uri(lenient_rp: RelyingParty) -> None:
    response = lenient_rp.authorize(redirect_uri="https://app.example/other", **NO_PKCE)
    assert response.status_code == 400
    assert "AADSTS50011" in response.content.decode()


def test_oidcc_ensure_post_request_succeeds(lenient_rp: RelyingParty) -> None:
    posted = lenient_rp.browser.post(f"/{lenient_rp.segment}/oauth2/v2.0/authorize", lenient_rp.parameters(**NO_PKCE))
    assert posted.status_code == 303
    assert "code" in fields_of(lenient_rp.browser.get(posted["Location"]))


def test_oidcc_ensure_request_with_valid_pkce_succeeds(signed_in_rp: RelyingParty) -> None:
    assert "id_token" in signed_in_rp.tokens(code_challenge=CHALLENGE)


def test_oidcc_claims_essential(lenient_rp: RelyingParty) -> None:
    wanted = json.dumps({"userinfo": {"name": {"essential": True}}})
    tokens = redeem(lenient_rp, scope="openid", claims=wanted)
    assert userinfo(lenient_rp, tokens["access_token"]).json()["name"] == "John Example"


def test_oidcc_refresh_token(lenient_rp: RelyingParty) -> None:
    first = redeem(lenient_rp)
    second = lenient_rp.refresh(first["refresh_token"]).json()
    before, after = lenient_rp.id_claims(first["id_token"]), lenient_rp.id_claims(second["id_token"])
    for name in ("iss", "sub", "aud", "auth_time", "amr", "acr", "sid"):
        assert before[name] == after[name]
    assert second["refresh_token"] != first["refresh_token"]
    assert "nonce" not in after


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(lenient_rp: RelyingParty) -> None:
    answer = lenient_rp.answer(request=jwt.encode({"scope": "openid"}, None, algorithm="none"), **NO_PKCE)
    assert answer["error"] == "request_not_supported"


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(lenient_rp: RelyingParty) -> None:
    answer = lenient_rp.answer(request_uri="https://app.example/request.jwt", **NO_PKCE)
    assert answer["error"] == "request_uri_not_supported"


def test_oidcc_ensure_request_object_with_redirect_uri(lenient_rp: RelyingParty, application: Application) -> None:
    """The address inside the object is not looked at: only the registered one in the query is answered."""
    inner = jwt.encode({"redirect_uri": "https://evil.example/"}, None, algorithm="none")
    assert lenient_rp.answer(request=inner, **NO_PKCE)["error"] == "request_not_supported"
