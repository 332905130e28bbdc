"""A provider that is down or slow: a page with a retry, in time, and the session stays."""

import time

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests.portal.accounts.conftest import Browser


@pytest.mark.parametrize("down", ["discovery", "token"])
def test_a_provider_that_is_down_is_a_page_with_retry_and_the_session_stays(browser: Browser, down: str) -> None:
    browser.sign_in()
    url = browser.leave("/commerce")
    browser.op.down = {down}
    if down == "discovery":
        cache.clear()
        response = browser.client.get("/oidc/step-up?next=/commerce")
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
