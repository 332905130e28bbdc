"""RP-initiated and back-channel logout, one test a module of the certification suite, and what lies behind."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from django.conf import settings
from django.utils import timezone

from entra.apps.models import Application
from entra.directory.models import User
from entra.oauth.backchannel import announce_revocation, deliver_due
from entra.oauth.models import LogoutMessage
from entra.signin.models import ProviderSession
from tests.entra.conftest import SIGNED_OUT_URI, RelyingParty


def logout(rp: RelyingParty, **parameters: str) -> Any:
    return rp.browser.get(f"/{rp.segment}/oauth2/v2.0/logout", parameters)


def is_signed_in(rp: RelyingParty) -> bool:
    return "code" in rp.answer(prompt="none")


def asks_the_person(response: Any) -> bool:
    return response.status_code == 200 and "Sign out?" in response.content.decode()


def press_sign_out(rp: RelyingParty, page: Any) -> Any:
    return rp.browser.post("/signout", {"asked": page.context["sealed"]})


def test_oidcc_rp_initiated_logout(signed_in_rp: RelyingParty) -> None:
    hint = signed_in_rp.tokens()["id_token"]
    response = logout(signed_in_rp, id_token_hint=hint, post_logout_redirect_uri=SIGNED_OUT_URI, state="xyz")
    assert (response.status_code, response["Location"]) == (303, f"{SIGNED_OUT_URI}?state=xyz")
    assert not is_signed_in(signed_in_rp)


def test_oidcc_rp_initiated_logout_bad_id_token_hint(signed_in_rp: RelyingParty) -> None:
    response = logout(signed_in_rp, id_token_hint="bad", post_logout_redirect_uri=SIGNED_OUT_URI)
    assert response.status_code == 400
    assert is_signed_in(signed_in_rp)


def test_oidcc_rp_initiated_logout_modified_id_token_hint(signed_in_rp: RelyingParty) -> None:
    head, body, signature = signed_in_rp.tokens()["id_token"].split(".")
    hint = f"{head}.{body}.{signature[:-6]}AAAAAA"
    assert logout(signed_in_rp, id_token_hint=hint, post_logout_redirect_uri=SIGNED_OUT_URI).status_code == 400
    assert is_signed_in(signed_in_rp)


def test_a_hint_of_one_application_does_not_go_with_the_name_of_another(
    signed_in_rp: RelyingParty, other_application: Application
) -> None:
    hint = signed_in_rp.tokens()["id_token"]
    assert logout(signed_in_rp, id_token_hint=hint, client_id=str(other_application.pk)).status_code == 400
    assert "code" in signed_in_rp.answer(prompt="none")  # still signed in


def test_oidcc_rp_initiated_logout_no_id_token_hint(signed_in_rp: RelyingParty) -> None:
    page = logout(signed_in_rp, client_id=str(signed_in_rp.application.pk), post_logout_redirect_uri=SIGNED_OUT_URI)
    assert asks_the_person(page)
    assert is_signed_in(signed_in_rp)
    gone = press_sign_out(signed_in_rp, page)
    assert gone.status_code == 200  # a form is never answered by a redirect to another origin
    assert gone.context["url"] == SIGNED_OUT_URI
    assert not is_signed_in(signed_in_rp)


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(signed_in_rp: RelyingParty) -> None:
    hint = signed_in_rp.tokens()["id_token"]
    response = logout(signed_in_rp, id_token_hint=hint, post_logout_redirect_uri="https://evil.example/")
    assert response.status_code == 400
    assert "Location" not in response.headers
    assert 'http-equiv="refresh"' not in response.content.decode()


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(signed_in_rp: RelyingParty) -> None:
    hint = signed_in_rp.tokens()["id_token"]
    response = logout(signed_in_rp, id_token_hint=hint, post_logout_redirect_uri=f"{SIGNED_OUT_URI}?extra=1")
    assert response.status_code == 400


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(signed_in_rp: RelyingParty) -> None:
    response = logout(signed_in_rp, id_token_hint=signed_in_rp.tokens()["id_token"])
    assert response.status_code == 200
    assert "You are signed out" in response.content.decode()


def test_oidcc_rp_initiated_logout_no_params(signed_in_rp: RelyingParty) -> None:
    page = logout(signed_in_rp)
    assert asks_the_person(page)
    assert "You are signed out" in press_sign_out(signed_in_rp, page).content.decode()


def test_oidcc_rp_initiated_logout_no_state(signed_in_rp: RelyingParty) -> None:
    hint = signed_in_rp.tokens()["id_token"]
    response = logout(signed_in_rp, id_token_hint=hint, post_logout_redirect_uri=SIGNED_OUT_URI)
    assert response["Location"] == SIGNED_OUT_URI


def test_oidcc_rp_initiated_logout_only_state(signed_in_rp: RelyingParty) -> None:
    assert asks_the_person(logout(signed_in_rp, state="xyz"))


@pytest.fixture
def arrived(monkeypatch: pytest.MonkeyPatch, application: Application) -> list[dict[str, Any]]:
    """What the application's back-channel address received."""
    application.backchannel_logout_uri = "https://app.example/backchannel"
    application.save()
    found: list[dict[str, Any]] = []

    def take(url: str, data: dict[str, str], **options: Any) -> requests.Response:
        found.append({"url": url, "token": data["logout_token"], "options": options})
        answer = requests.Response()
        answer.status_code = 200
        return answer

    monkeypatch.setattr("entra.oauth.backchannel.requests.post", take)
    return found


def test_oidcc_backchannel_rp_initiated_logout(signed_in_rp: RelyingParty, arrived: list[dict[str, Any]]) -> None:
    hint = signed_in_rp.tokens()["id_token"]
    logout(signed_in_rp, id_token_hint=hint)
    assert [one["url"] for one in arrived] == ["https://app.example/backchannel"]
    assert jwt.get_unverified_header(arrived[0]["token"])["typ"] == "logout+jwt"
    said, before = signed_in_rp.id_claims(arrived[0]["token"]), signed_in_rp.id_claims(hint)
    assert said["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert (said["iss"], said["sub"], said["sid"]) == (before["iss"], before["sub"], before["sid"])
    assert {"jti", "iat", "exp"} <= set(said)
    assert "nonce" not in said
    assert arrived[0]["options"]["allow_redirects"] is False


def test_a_message_that_does_not_arrive_is_sent_again(
    signed_in_rp: RelyingParty, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    application.backchannel_logout_uri = "https://app.example/backchannel"
    application.save()

    def refuse(*_args: Any, **_options: Any) -> requests.Response:
        raise requests.ConnectionError

    monkeypatch.setattr("entra.oauth.backchannel.requests.post", refuse)
    logout(signed_in_rp, id_token_hint=signed_in_rp.tokens()["id_token"])
    waiting = LogoutMessage.objects.get()
    assert (waiting.delivered_at, waiting.attempts) == (None, 1)
    answer = requests.Response()
    answer.status_code = 204
    monkeypatch.setattr("entra.oauth.backchannel.requests.post", lambda *_args, **_options: answer)
    LogoutMessage.objects.update(due_at=waiting.created_at)
    assert deliver_due() == 1
    assert deliver_due() == 0


@pytest.mark.requirement("M22")
def test_revoking_an_account_names_no_session_so_all_are_meant(
    signed_in_rp: RelyingParty, john: User, arrived: list[dict[str, Any]]
) -> None:
    sub = signed_in_rp.id_claims(signed_in_rp.tokens()["id_token"])["sub"]
    announce_revocation(john)
    said = signed_in_rp.id_claims(arrived[0]["token"])
    assert said["sub"] == sub
    assert "sid" not in said


@pytest.mark.requirement("M22")
@pytest.mark.parametrize("how", ["session ended elsewhere", "account disabled", "sessions revoked"])
def test_what_ends_without_the_sign_out_page_is_told_by_the_loop_once(
    signed_in_rp: RelyingParty, john: User, arrived: list[dict[str, Any]], how: str
) -> None:
    signed_in_rp.tokens()
    now = timezone.now()
    match how:
        case "session ended elsewhere":
            ProviderSession.objects.update(ended_at=now)
        case "account disabled":
            User.objects.filter(pk=john.pk).update(account_enabled=False)
        case _:
            User.objects.filter(pk=john.pk).update(sessions_valid_from=now)
    deliver_due()
    deliver_due()
    assert len(arrived) == 1
    assert ("sid" in signed_in_rp.id_claims(arrived[0]["token"])) is (how == "session ended elsewhere")


def test_another_account_in_the_same_browser_is_no_sign_out_for_the_first(
    signed_in_rp: RelyingParty, alejandra: User, sign_in: Callable[..., None], arrived: list[dict[str, Any]]
) -> None:
    signed_in_rp.tokens()
    sign_in(signed_in_rp.browser, alejandra)
    deliver_due()
    assert arrived == []


def test_a_hint_of_another_session_does_not_sign_this_one_out(
    signed_in_rp: RelyingParty, john: User, sign_in: Callable[..., None]
) -> None:
    hint = signed_in_rp.tokens()["id_token"]
    signed_in_rp.browser.cookies.clear()
    sign_in(signed_in_rp.browser, john)
    assert asks_the_person(logout(signed_in_rp, id_token_hint=hint))


def test_a_logout_request_may_be_posted(signed_in_rp: RelyingParty) -> None:
    response = signed_in_rp.browser.post(f"/{signed_in_rp.segment}/oauth2/v2.0/logout", {"state": "x"})
    location = urlsplit(response["Location"])
    assert (response.status_code, location.path, parse_qs(location.query)) == (
        303,
        f"/{signed_in_rp.segment}/oauth2/v2.0/logout",
        {"state": ["x"]},
    )


def test_sign_out_needs_the_csrf_token(signed_in_rp: RelyingParty) -> None:
    signed_in_rp.browser.handler.enforce_csrf_checks = True
    assert signed_in_rp.browser.post("/signout", {"asked": ""}).status_code == 403


def test_a_cookie_kept_from_before_the_sign_out_is_worth_nothing(signed_in_rp: RelyingParty) -> None:
    kept = signed_in_rp.browser.cookies[settings.SESSION_COOKIE_NAME].value
    logout(signed_in_rp, id_token_hint=signed_in_rp.tokens()["id_token"])
    signed_in_rp.browser.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert signed_in_rp.answer(prompt="none")["error"] == "login_required"


@pytest.mark.parametrize("elsewhere", [False, True])
def test_access_without_offline_access_ends_with_the_session(signed_in_rp: RelyingParty, elsewhere: bool) -> None:
    tokens, lasting, code = signed_in_rp.tokens(scope="openid"), signed_in_rp.tokens(), signed_in_rp.code()
    if elsewhere:
        ProviderSession.objects.update(ended_at=timezone.now())  # as "My security info" does for another browser
    else:
        logout(signed_in_rp, id_token_hint=tokens["id_token"])
    header = f"Bearer {tokens['access_token']}"
    assert signed_in_rp.browser.get("/oidc/userinfo", HTTP_AUTHORIZATION=header).status_code == 401
    assert signed_in_rp.token(code=code).json()["error"] == "invalid_grant"
    assert signed_in_rp.refresh(lasting["refresh_token"]).status_code == 200
