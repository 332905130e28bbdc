"""Lifetimes and ends of sessions (M22, M23), and sign-out."""

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
import time_machine
from django.conf import settings as configuration
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import PortalSession, User
from accounts.oidc.flows import ID_TOKEN
from accounts.oidc.requests import BROWSER_COOKIE
from activity.models import AuditRecord
from secretstore import unseal
from tests.portal.accounts.conftest import Browser, is_in
from tests.portal.conftest import SignIn

LOOK = {"verify_signature": False}


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


@pytest.mark.parametrize("tls", [True, False])
def test_the_cookies_travel_over_tls_only_where_there_is_tls(browser: Browser, settings: Settings, tls: bool) -> None:
    settings.SESSION_COOKIE_SECURE = tls
    started = browser.client.get("/oidc/authenticate")
    browser_cookie = started.cookies[BROWSER_COOKIE]
    assert (browser_cookie["secure"] or False) is tls
    assert (browser_cookie["httponly"], browser_cookie["samesite"], browser_cookie["path"]) == (True, "Lax", "/oidc/")
    cookie = browser.come_back(started["Location"]).cookies[configuration.SESSION_COOKIE_NAME]
    assert (cookie["secure"] or False) is tls


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
    assert client.get("/dashboard/help/access-matrix")["Cache-Control"] == "no-store"


def test_an_answer_of_the_provider_is_never_kept_by_a_cache(browser: Browser) -> None:
    assert browser.client.get("/oidc/authenticate")["Cache-Control"] == "no-store"
    assert browser.sign_in()["Cache-Control"] == "no-store"


def test_a_csrf_token_from_before_the_sign_in_is_worth_nothing_after_it(browser: Browser) -> None:
    browser.client.get("/signed-out")
    before = browser.client.cookies["partnercenter_csrf"].value
    browser.sign_in()
    assert browser.client.cookies["partnercenter_csrf"].value != before


def test_a_step_up_replaces_the_tokens(browser: Browser) -> None:
    browser.sign_in()
    browser.op.changed["amr"] = ["pwd", "mfa"]
    browser.come_back(browser.leave("/commerce"))
    session = PortalSession.objects.get()
    kept = jwt.decode(unseal(session.tokens.id_token, purpose=f"{ID_TOKEN}:{session.pk}"), algorithms=[], options=LOOK)
    assert kept["amr"] == ["pwd", "mfa"]


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


def test_the_way_to_the_provider_is_no_longer_than_servers_take(browser: Browser) -> None:
    """Somebody in many groups has a long ID token; refused there, they would stay signed in."""
    browser.op.changed["groups"] = [str(uuid4()) for _ in range(100)]
    browser.sign_in()
    page = browser.client.post("/oidc/sign-out").content.decode()
    assert f"{browser.op.base}/logout?client_id=" in page
    assert "id_token_hint=" not in page


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


@pytest.mark.parametrize(
    ("address", "network"), [("198.51.100.77", "198.51.100.0/24"), ("2001:db8::7", "2001:db8::/48")]
)
def test_a_session_keeps_the_network_it_was_opened_from_and_no_address(
    browser: Browser, address: str, network: str
) -> None:
    browser.client.defaults["REMOTE_ADDR"] = address
    browser.sign_in()
    assert PortalSession.objects.get().network == network
