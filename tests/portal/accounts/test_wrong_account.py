"""Signed in at the provider with an account that may not come in: the way to another one."""

import pytest

from accounts.models import PartnerTenant, User
from tests.portal.accounts.conftest import Browser, asked

ANOTHER = "/oidc/authenticate?prompt=select_account"


@pytest.mark.requirement("M15")
def test_who_is_of_no_partner_is_led_to_another_account(browser: Browser, fabrikam: PartnerTenant) -> None:
    fabrikam.delete()
    response = browser.sign_in()
    assert response.status_code == 403
    assert f'href="{ANOTHER}"' in response.content.decode()
    assert asked(browser.client.get(ANOTHER)["Location"])["prompt"] == "select_account"


def test_who_is_disabled_is_led_to_another_account(browser: Browser) -> None:
    browser.sign_in()
    User.objects.update(disabled_at="2026-01-01T00:00:00Z")
    assert f'href="{ANOTHER}"' in browser.sign_in().content.decode()


@pytest.mark.parametrize("prompt", ["", "none", "login"])
def test_an_ordinary_sign_in_asks_for_no_prompt(browser: Browser, prompt: str) -> None:
    assert "prompt" not in asked(browser.client.get("/oidc/authenticate", {"prompt": prompt})["Location"])


def test_a_step_up_of_a_session_that_was_replaced_meanwhile_raises_neither(browser: Browser) -> None:
    browser.sign_in()
    step_up = browser.leave("/commerce")
    browser.come_back(browser.client.get("/oidc/authenticate")["Location"])  # signed in anew in another tab
    browser.op.changed["amr"] = ["pwd", "mfa"]
    response = browser.come_back(step_up)
    assert response.status_code == 400
    assert "Your session ended while you were verifying" in response.content.decode()
    assert browser.client.get("/dashboard/overview").status_code == 200
    assert browser.client.get("/commerce/customers").status_code == 302
