"""Lifetimes and ends of sessions (M22, M23), sign-out, and back-channel logout."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as configuration
from django.test import Client
from django.utils import timezone

from accounts.models import PortalSession, User
from accounts.oidc.tokens import LOGOUT_EVENT
from activity.models import AuditRecord
from tests.portal.accounts.conftest import Browser, asked
from tests.portal.accounts.op import CLIENT_ID
from tests.portal.conftest import SignIn

PAGE = "/dashboard/help/access-matrix"


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


@pytest.mark.requirement("M23")
def test_a_session_ends_after_an_hour_without_a_request(client: Client, john: User, sign_in: SignIn) -> None:
    sign_in(client, john)
    start = time.time()
    with time_machine.travel(start + 59 * 60):
        assert is_in(client)
    with time_machine.travel(start + 59 * 60 + 61 * 60):
        assert not is_in(client)


@pytest.mark.requirement("M23")
def test_a_session_ends_after_twelve_hours_whatever_happens(client: Client, john: User, sign_in: SignIn) -> None:
    sign_in(client, john)
    start = time.time()
    for minutes in range(50, 12 * 60, 50):
        with time_machine.travel(start + minutes * 60):
            assert is_in(client), minutes
    with time_machine.travel(start + 12 * 3600 + 1):
        assert not is_in(client)


def test_the_database_holds_no_key_that_opens_a_session(client: Client, john: User, sign_in: SignIn) -> None:
    session = sign_in(client, john)
    client.cookies[configuration.SESSION_COOKIE_NAME] = session.key_hash
    assert not is_in(client)


@pytest.mark.parametrize("key", ["", "guess", "x" * 5000, "' OR 1=1 --"])
def test_a_made_up_key_opens_nothing(client: Client, db: None, key: str) -> None:
    client.cookies[configuration.SESSION_COOKIE_NAME] = key
    assert not is_in(client)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    response = browser.sign_in()
    cookie = response.cookies[configuration.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


@pytest.mark.requirement("M22")
@pytest.mark.parametrize("change", [{"disabled_at": "now"}, {"not_before": "now"}])
def test_a_disabled_or_revoked_user_is_out_on_the_next_request(
    client: Client, john: User, sign_in: SignIn, change: dict[str, Any]
) -> None:
    sign_in(client, john)
    User.objects.filter(pk=john.pk).update(**dict.fromkeys(change, timezone.now() + timedelta(seconds=1)))
    assert not is_in(client)


@pytest.mark.requirement("M22")
def test_a_role_taken_away_counts_on_the_next_request(client: Client, john: User, sign_in: SignIn) -> None:
    sign_in(client, john)
    assert client.get("/commerce/customers").status_code == 200
    User.objects.filter(pk=john.pk).update(projected_roles=[])
    assert client.get("/commerce/customers").status_code == 403


def test_signing_in_replaces_the_session_the_browser_had(browser: Browser) -> None:
    browser.sign_in()
    first = browser.client.cookies[configuration.SESSION_COOKIE_NAME].value
    browser.come_back(browser.client.get("/oidc/authenticate")["Location"])
    old = Client()
    old.cookies[configuration.SESSION_COOKIE_NAME] = first
    assert not is_in(old)
    assert is_in(browser.client)


def test_a_page_is_never_kept_by_a_cache(client: Client, john: User, sign_in: SignIn) -> None:
    sign_in(client, john)
    assert client.get(PAGE)["Cache-Control"] == "no-store"


def test_sign_in_and_step_up_are_in_the_audit_log(browser: Browser) -> None:
    browser.sign_in()
    browser.op.changed["amr"] = ["pwd", "mfa"]
    browser.come_back(browser.leave("/commerce"))
    assert list(AuditRecord.objects.order_by("pk").values_list("action", flat=True)) == [
        "account.signed-in",
        "account.verified",
    ]


# Signing out


def test_signing_out_ends_the_session_and_goes_on_to_the_provider_by_a_page(browser: Browser) -> None:
    browser.sign_in()
    response = browser.client.post("/oidc/sign-out")
    assert response.status_code == 200  # a redirect to another origin would be stopped by form-action
    assert f"{browser.op.base}/logout" in response.content.decode()
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fsigned-out" in response.content.decode()
    assert "id_token_hint=" in response.content.decode()
    assert not is_in(browser.client)
    assert not hasattr(PortalSession.objects.get(), "tokens")


def test_a_link_signs_nobody_out(browser: Browser) -> None:
    browser.sign_in()
    assert b"You will be signed out" in browser.client.get("/oidc/sign-out").content
    assert is_in(browser.client)


def test_another_origin_cannot_sign_anybody_out(browser: Browser) -> None:
    browser.sign_in()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.client.cookies
    assert strict.post("/oidc/sign-out").status_code == 403
    assert is_in(browser.client)


def test_signing_out_works_while_the_provider_does_not(browser: Browser) -> None:
    from django.core.cache import cache

    browser.sign_in()
    cache.clear()
    browser.op.down = {"discovery"}
    assert browser.client.post("/oidc/sign-out")["Location"] == "/signed-out"
    assert not is_in(browser.client)


def test_the_signed_out_page_is_for_everybody_who_is(client: Client, john: User, sign_in: SignIn) -> None:
    assert client.get("/signed-out").status_code == 200
    sign_in(client, john)
    assert client.get("/signed-out")["Location"] == "/oidc/sign-out"


# Back-channel logout: the modules of the conformance suite, by their names


def logout_token(browser: Browser, **changed: Any) -> str:
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
    browser.op.typ = "logout+jwt"
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


def test_hints_reach_the_provider(browser: Browser) -> None:
    url = browser.client.get("/oidc/authenticate?login_hint=john%40fabrikam.example&domain_hint=fabrikam.example")
    request = asked(url["Location"])
    assert (request["login_hint"], request["domain_hint"]) == ("john@fabrikam.example", "fabrikam.example")
