"""Back-channel logout (Back-Channel Logout 1.0, M22): the modules of the conformance suite, by their names."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import PortalSession, SessionTokens, User
from accounts.oidc.tokens import LOGOUT_EVENT
from tests.portal.accounts.conftest import Browser, is_in
from tests.portal.accounts.op import CLIENT_ID
from tests.portal.conftest import SignIn


def logout_token(browser: Browser, *, typ: str = "logout+jwt", **changed: Any) -> str:
    claims = {
        "iss": browser.op.issuer,
        "aud": CLIENT_ID,
        "iat": int(time.time()),
        "exp": int(time.time()) + 120,
        "jti": f"jti-{time.monotonic_ns()}",
        "sub": "subject-of-john",
        "sid": "provider-session-1",
        "events": {LOGOUT_EVENT: {}},
        **changed,
    }
    browser.op.typ = typ
    token = browser.op.sign({name: value for name, value in claims.items() if value is not None})
    browser.op.typ = "JWT"
    return token


def receive(token: str) -> int:
    foreign = Client(enforce_csrf_checks=True)
    response = foreign.post("/oidc/backchannel-logout", {"logout_token": token})
    assert response["Cache-Control"] == "no-store"
    return response.status_code


def test_rp_backchannel_rpinitlogout(browser: Browser) -> None:
    browser.sign_in()
    assert receive(logout_token(browser)) == 200
    assert not is_in(browser.client)


def test_sid_alone_ends_that_session_only(browser: Browser, another_browser: Browser) -> None:
    browser.sign_in()
    browser.op.changed["sid"] = "provider-session-2"
    another_browser.sign_in()
    assert receive(logout_token(browser, sub=None)) == 200
    assert not is_in(browser.client)
    assert is_in(another_browser.client)


@pytest.mark.requirement("M22")
def test_a_session_ends_with_the_providers_session_that_it_was_verified_in(browser: Browser) -> None:
    browser.sign_in()
    browser.op.changed |= {"sid": "provider-session-2", "amr": ["pwd", "mfa"]}
    browser.come_back(browser.leave("/commerce"))
    assert is_in(browser.client)
    assert receive(logout_token(browser, sid="provider-session-2")) == 200
    assert not is_in(browser.client)


@pytest.mark.requirement("M22")
def test_sub_alone_ends_all_sessions_of_the_person(browser: Browser, another_browser: Browser) -> None:
    browser.sign_in()
    browser.op.changed["sid"] = "provider-session-2"
    another_browser.sign_in()
    assert receive(logout_token(browser, sid=None)) == 200
    assert not is_in(browser.client)
    assert not is_in(another_browser.client)
    another_browser.client.cookies.clear()
    another_browser.sign_in()
    assert is_in(another_browser.client)


@pytest.mark.requirement("M22")
def test_sub_alone_also_ends_a_session_that_begins_this_very_moment(
    browser: Browser, client: Client, sign_in: SignIn
) -> None:
    browser.sign_in()
    assert receive(logout_token(browser, sid=None)) == 200
    late = sign_in(client, User.objects.get())
    assert is_in(client)
    PortalSession.objects.filter(pk=late.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    assert not is_in(client)


def test_the_tokens_of_an_ended_session_are_gone(browser: Browser) -> None:
    browser.sign_in()
    receive(logout_token(browser))
    assert not SessionTokens.objects.exists()


def test_a_session_of_another_person_is_not_ended_by_its_sid(browser: Browser) -> None:
    browser.sign_in()
    assert receive(logout_token(browser, sub="somebody-else")) == 200
    assert is_in(browser.client)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"events": None}, id="rp-backchannel-rpinitlogout-no-event"),
        pytest.param(
            {"events": {"http://schemas.openid.net/event/other": {}}}, id="rp-backchannel-rpinitlogout-wrong-event"
        ),
        pytest.param({"events": {LOGOUT_EVENT: "yes"}}, id="event-is-no-object"),
        pytest.param({"nonce": "n"}, id="rp-backchannel-rpinitlogout-with-nonce"),
        pytest.param({"aud": "another-client"}, id="rp-backchannel-rpinitlogout-wrong-aud"),
        pytest.param({"iss": "https://evil.example"}, id="rp-backchannel-rpinitlogout-wrong-iss"),
        pytest.param({"iat": None}, id="no-iat"),
        pytest.param({"jti": None}, id="no-jti"),
        pytest.param({"exp": 1}, id="expired"),
        pytest.param({"sub": None, "sid": None}, id="nobody"),
    ],
)
def test_a_wrong_logout_token_is_refused_and_ends_nothing(browser: Browser, changed: dict[str, Any]) -> None:
    browser.sign_in()
    assert receive(logout_token(browser, **changed)) == 400
    assert is_in(browser.client)


@pytest.mark.parametrize(
    "algorithm",
    [
        pytest.param("none", id="rp-backchannel-rpinitlogout-alg-none"),
        pytest.param("HS256", id="rp-backchannel-rpinitlogout-wrong-alg"),
    ],
)
def test_a_logout_token_without_a_real_signature_is_refused(browser: Browser, algorithm: str) -> None:
    browser.sign_in()
    browser.op.algorithm = algorithm
    assert receive(logout_token(browser)) == 400
    browser.op.algorithm = "RS256"
    assert is_in(browser.client)


def test_an_id_token_is_no_logout_token(browser: Browser) -> None:
    browser.sign_in()
    assert receive(browser.op.sign(browser.op.claims("nonce"))) == 400


@pytest.mark.parametrize(("typ", "status"), [("logout+jwt", 200), ("JWT", 200), ("at+jwt", 400), ("secevent+jwt", 400)])
def test_a_token_of_another_type_is_no_logout_token(browser: Browser, typ: str, status: int) -> None:
    browser.sign_in()
    assert receive(logout_token(browser, typ=typ)) == status


def test_a_replayed_logout_token_is_refused(browser: Browser) -> None:
    browser.sign_in()
    token = logout_token(browser)
    assert receive(token) == 200
    assert receive(token) == 400


@pytest.mark.parametrize("token", ["", "rubbish", "a.b.c"])
def test_rubbish_is_refused(browser: Browser, token: str) -> None:
    assert receive(token) == 400


def test_the_receiver_takes_post_only(client: Client, db: None) -> None:
    assert client.get("/oidc/backchannel-logout").status_code == 405
