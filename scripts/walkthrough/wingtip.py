"""Wingtip's own identity provider, and its page as a custom control."""

import re

from playwright.sync_api import expect

from scripts.walkthrough.visit import PASSWORD_OF_EVERYBODY, WAIT, Visit


def expect_sign_in(visit: Visit) -> None:
    visit.page.wait_for_url(re.compile(re.escape(visit.site.wingtip)))
    expect(visit.page.locator("input[type='password']")).to_be_visible(timeout=WAIT)


def sign_in(visit: Visit, account: str) -> None:
    """Password, then the code its own demo page shows."""
    name = visit.page.locator("input[autocomplete='username']:visible")
    if name.count():
        name.fill(account)
    visit.page.locator("input[type='password']").fill(PASSWORD_OF_EVERYBODY)
    visit.page.keyboard.press("Enter")
    code = visit.page.locator("input[autocomplete='one-time-code']")
    expect(code).to_be_visible(timeout=WAIT)
    code.fill(_code(visit))
    visit.page.keyboard.press("Enter")


def approve_custom_control(visit: Visit) -> None:
    visit.page.wait_for_url(re.compile(re.escape(visit.site.wingtip)))
    visit.press("Approve")


def _code(visit: Visit) -> str:
    found = re.search(r"\b\d{3} ?\d{3}\b", visit.page.locator("body").inner_text())
    assert found, "the page shows no code"
    return found.group().replace(" ", "")
