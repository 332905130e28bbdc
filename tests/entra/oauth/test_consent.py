"""Consent, cancelling, and the way an answer leaves the provider after forms (S2, S12)."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from entra.apps.models import Application, ConsentGrant
from entra.directory.models import User
from tests.entra.conftest import ESSENTIAL_MFA, RelyingParty


@pytest.fixture
def asking_rp(signed_in_rp: RelyingParty, application: Application) -> RelyingParty:
    """An application that has to ask."""
    application.preauthorized = False
    application.save()
    return signed_in_rp


def left_with(rp: RelyingParty, response: Any) -> dict[str, str]:
    """Follow our own redirects to the page that goes on to the application, and read what it carries."""
    while response.status_code == 303:
        response = rp.browser.get(response["Location"])
    assert response.status_code == 200
    query = parse_qs(urlsplit(response.context["url"]).query)
    return {name: values[0] for name, values in query.items()}


def test_consent_is_a_page_that_is_accepted_once(asking_rp: RelyingParty, john: User) -> None:
    page = asking_rp.authorize()["Location"]
    assert page.endswith("/consent")
    assert asking_rp.browser.get(page).status_code == 200
    assert "code" in left_with(asking_rp, asking_rp.browser.post(page))
    assert set(ConsentGrant.objects.get(account=john).scopes) == {"openid", "profile", "email", "offline_access"}
    assert "code" in asking_rp.answer()


def test_more_than_was_accepted_is_asked_for_again(asking_rp: RelyingParty) -> None:
    asking_rp.browser.post(asking_rp.authorize(scope="openid")["Location"])
    assert "code" in asking_rp.answer(scope="openid")
    assert asking_rp.authorize(scope="openid profile")["Location"].endswith("/consent")


def test_declined_consent_is_access_denied(asking_rp: RelyingParty) -> None:
    page = asking_rp.authorize()["Location"]
    answer = left_with(asking_rp, asking_rp.browser.post(page.replace("/consent", "/cancel"), {"step": "consent"}))
    assert answer["error"] == "access_denied"
    assert answer["error_description"].startswith("AADSTS65004")
    assert answer["state"] == "af0ifjsldkj"
    assert not ConsentGrant.objects.exists()


def test_a_cancelled_step_up_is_access_denied_and_leaves_the_session(signed_in_rp: RelyingParty) -> None:
    page = signed_in_rp.authorize(claims=ESSENTIAL_MFA)["Location"]
    gone = signed_in_rp.browser.post(page.replace("/register", "/cancel"), {"step": "register"})
    assert left_with(signed_in_rp, gone)["error"] == "access_denied"
    assert "code" in signed_in_rp.answer(prompt="none")


def test_cancelling_before_an_account_is_named_still_says_who_answers(
    stranger_browser: Client, signed_in_rp: RelyingParty
) -> None:
    """Without `iss` (RFC 9207) an application has to take the answer for that of another provider."""
    rp = RelyingParty(stranger_browser, signed_in_rp.application, "organizations")
    page = rp.authorize()["Location"]
    answer = left_with(rp, stranger_browser.post(page.replace("/identify", "/cancel"), {"step": "identify"}))
    assert answer["error"] == "access_denied"
    assert answer["iss"] == f"http://localhost:8001/{rp.application.tenant_id}/v2.0"


def test_prompt_consent_asks_even_where_nobody_is_asked(signed_in_rp: RelyingParty) -> None:
    assert signed_in_rp.authorize(prompt="consent")["Location"].endswith("/consent")


def test_prompt_none_without_consent_is_consent_required(asking_rp: RelyingParty) -> None:
    assert asking_rp.answer(prompt="none")["error"] == "consent_required"


def test_what_one_accepted_counts_for_nobody_else(
    signed_in_rp: RelyingParty, application: Application, alejandra: User, sign_in: Any
) -> None:
    """Somebody else signs in, in another tab, before the answer of this interaction is fetched."""
    signed_in_rp.segment = "organizations"
    page = signed_in_rp.authorize(prompt="consent", response_mode="form_post")["Location"]
    resumed = signed_in_rp.browser.post(page)["Location"]
    sign_in(signed_in_rp.browser, alejandra)
    assert signed_in_rp.browser.get(resumed)["Location"] == page


def test_an_answer_is_given_once(asking_rp: RelyingParty) -> None:
    resumed = asking_rp.browser.post(asking_rp.authorize(response_mode="form_post")["Location"])["Location"]
    assert asking_rp.browser.get(resumed).status_code == 200
    assert asking_rp.browser.get(resumed).status_code == 404


@pytest.mark.parametrize("mode", ["query", "fragment"])
def test_errors_and_codes_say_who_answers(signed_in_rp: RelyingParty, mode: str) -> None:
    """RFC 9207: `iss` in every answer."""
    issuer = f"http://localhost:8001/{signed_in_rp.segment}/v2.0"
    for changes in ({}, {"response_type": "token"}):
        location = urlsplit(signed_in_rp.authorize(response_mode=mode, **changes)["Location"])
        fields = parse_qs(location.query if mode == "query" else location.fragment)
        assert fields["iss"] == [issuer]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "web_message"}, "invalid_request"),
        ({"scope": None}, "invalid_request"),
        ({"scope": "openid Everything"}, "invalid_scope"),
        ({"scope": "openid https://graph.microsoft.com/Everything"}, "invalid_scope"),
        ({"scope": "openid https://graph.example/Everything"}, "invalid_resource"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "surprise"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"claims": "{"}, "invalid_request"),
        ({"claims": "[]"}, "invalid_request"),
        ({"id_token_hint": "x"}, "invalid_request"),
        ({"resource": "https://graph.example"}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_told_to_the_application(
    signed_in_rp: RelyingParty, changes: dict[str, str | None], error: str
) -> None:
    answer = signed_in_rp.answer(**changes)
    assert (answer["error"], answer["state"]) == (error, "af0ifjsldkj")


@pytest.mark.parametrize(
    "claims",
    [
        '{"id_token":{"signin_state":{"essential":false},"login_hint":{},"tenant_region_sub_scope":{}}}',
        '{"id_token":{"auth_time":null,"amr":null}}',
        '{"id_token":{"acr":{"essential":true}}}',
        '{"id_token":null,"access_token":{"xms_cc":{"values":["cp1"]}}}',
        '{"id_token":{"acr":{"value":1}},"verified_claims":7}',
    ],
)
def test_claims_nobody_here_knows_are_ignored(signed_in_rp: RelyingParty, claims: str) -> None:
    assert "code" in signed_in_rp.answer(claims=claims)


@pytest.mark.parametrize(("code", "status"), [("50076", 200), ("1", 404), ("", 404), ("x" * 99, 404)])
def test_a_code_can_be_looked_up(rp: RelyingParty, code: str, status: int) -> None:
    assert rp.browser.get("/error", {"code": code}).status_code == status


@pytest.mark.parametrize("path", ["nowhere.example/oauth2/v2.0/authorize", "nowhere.example/oauth2/v2.0/token"])
def test_an_unknown_organization_is_no_place_to_sign_in(rp: RelyingParty, path: str) -> None:
    assert rp.browser.get(f"/{path}", rp.parameters()).status_code in {400, 405}


def test_the_page_that_posts_on_is_never_framed_or_stored(signed_in_rp: RelyingParty) -> None:
    page = signed_in_rp.authorize(response_mode="form_post")
    assert page["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_state_is_data_not_markup(signed_in_rp: RelyingParty) -> None:
    page = signed_in_rp.authorize(response_mode="form_post", state='"><script>alert(1)</script>')
    assert "<script>alert" not in page.content.decode()
