"""Two failures in a row end the automatic redirects: a page with a button instead (Entra: AADSTS50196)."""

import time

import pytest
import time_machine

from tests.portal.accounts.conftest import Browser


def fail_twice(browser: Browser, error: str = "unmet_authentication_requirements") -> None:
    for _ in range(2):
        assert browser.bring_error(browser.leave("/commerce"), error).status_code == 403


@pytest.mark.parametrize("error", ["unmet_authentication_requirements", "interaction_required"])
def test_an_unmet_requirement_is_no_loop(browser: Browser, error: str) -> None:
    browser.sign_in()
    fail_twice(browser, error)
    third = browser.client.get("/commerce")
    assert third.status_code == 403  # a page with a button, not another redirect
    assert b"Try again" in third.content


def test_the_loop_breaker_lets_go_after_five_minutes(browser: Browser) -> None:
    browser.sign_in()
    fail_twice(browser)
    with time_machine.travel(time.time() + 301):
        assert browser.client.get("/commerce").status_code == 302


def test_failures_at_one_area_do_not_close_another(browser: Browser) -> None:
    browser.sign_in()
    fail_twice(browser)
    assert browser.client.get("/commerce").status_code == 403
    assert browser.client.get("/dashboard/billing").status_code == 302


def test_failures_of_one_session_do_not_close_the_page_to_another(browser: Browser, another_browser: Browser) -> None:
    browser.sign_in()
    another_browser.sign_in()
    fail_twice(browser)
    assert another_browser.client.get("/commerce").status_code == 302


def test_the_button_still_works(browser: Browser) -> None:
    browser.sign_in()
    fail_twice(browser)
    assert b'href="/oidc/step-up?next=%2Fcommerce"' in browser.client.get("/commerce").content
    again = browser.client.get("/oidc/step-up?next=%2Fcommerce")["Location"]
    browser.op.changed["amr"] = ["pwd", "mfa"]
    assert browser.come_back(again)["Location"] == "/commerce"
    assert browser.client.get("/commerce/customers").status_code == 200
