"""A provider that is down or slow: a page with a retry, in time, and the session stays."""

import time

import pytest
from django.core.cache import cache
from pytest_django import Settings

from accounts.models import HeldPost
from tests.portal.accounts.conftest import Browser


@pytest.mark.parametrize("down", ["discovery", "token"])
def test_a_provider_that_is_down_is_a_page_with_retry_and_the_session_stays(browser: Browser, down: str) -> None:
    browser.sign_in()
    url = browser.leave("/commerce")
    browser.op.down = {down}
    if down == "discovery":
        cache.clear()
        response = browser.client.get("/oidc/step-up?next=%2Fcommerce")
    else:
        response = browser.come_back(url)
    assert response.status_code == 503
    assert b'href="/oidc/step-up?next=%2Fcommerce"' in response.content
    browser.op.down = set()
    assert browser.client.get("/dashboard/overview").status_code == 200
    browser.op.changed["amr"] = ["pwd", "mfa"]
    assert browser.come_back(browser.leave("/commerce")).status_code == 302


def test_known_keys_serve_while_the_provider_does_not(browser: Browser) -> None:
    browser.sign_in()
    browser.op.down = {"discovery", "keys"}
    browser.client.cookies.clear()
    assert browser.sign_in().status_code == 302


def test_a_slow_provider_is_given_up_in_time(browser: Browser, settings: Settings) -> None:
    settings.OIDC_TIMEOUT = (0.2, 0.2)
    browser.op.slow["token"] = 0.6
    started = time.monotonic()
    response = browser.come_back(browser.leave())
    assert response.status_code == 503
    assert time.monotonic() - started < 2


def test_another_try_at_verifying_for_a_form_still_has_the_form(browser: Browser) -> None:
    browser.sign_in()
    browser.client.post("/commerce/customers/add", {"company_name": "A. Datum"})
    address = f"/oidc/step-up?held={HeldPost.objects.get().pk}"
    cache.clear()
    browser.op.down = {"discovery"}
    response = browser.client.get(address)
    assert response.status_code == 503
    assert f'href="{address}"' in response.content.decode()


def test_another_try_at_another_account_still_asks_which(browser: Browser) -> None:
    browser.op.down = {"discovery"}
    response = browser.client.get("/oidc/authenticate?prompt=select_account")
    assert b'href="/oidc/authenticate?prompt=select_account"' in response.content


def test_after_an_answer_that_cannot_be_trusted_the_page_asked_for_is_next(browser: Browser) -> None:
    browser.op.changed["nonce"] = "another"
    response = browser.come_back(browser.leave("/dashboard/servicehealth"))
    assert b'href="/oidc/authenticate?next=%2Fdashboard%2Fservicehealth"' in response.content


@pytest.mark.parametrize("keys", ["none", None, ["rubbish"], [{"kty": "RSA", "kid": "key-0", "n": "!", "e": "AQAB"}]])
def test_keys_that_make_no_sense_are_passed_over(browser: Browser, keys: object) -> None:
    good = list(browser.op.jwks)
    browser.op.jwks = keys  # type: ignore[assignment]
    assert browser.come_back(browser.leave()).status_code == 400
    cache.clear()
    browser.op.jwks = [*keys, *good] if isinstance(keys, list) else good
    assert browser.come_back(browser.leave()).status_code == 302


@pytest.mark.parametrize("error", ["access_denied", "unmet_authentication_requirements", "server_error"])
def test_a_switch_of_language_does_not_lead_back_to_a_used_answer(browser: Browser, error: str) -> None:
    browser.sign_in()
    page = browser.bring_error(browser.leave("/commerce"), error).content.decode()
    assert 'name="next" value="/"' in page
    assert "/oidc/callback" not in page
