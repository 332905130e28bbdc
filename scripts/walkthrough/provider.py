"""The identity provider's pages as a person meets them: which page is this, and what does one do on it."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from scripts.walkthrough.authenticator import Authenticator
from scripts.walkthrough.visit import PASSWORD_OF_EVERYBODY, WAIT, Visit

CODE_FIELD = "input[autocomplete='one-time-code']"


def expect_sign_in(visit: Visit) -> None:
    """The portal sent the browser here, and the account is asked for."""
    assert visit.was_sent_to(visit.site.entra), "the browser was not sent to the identity provider"
    expect(visit.page.locator("input[name='sign_in_name']")).to_be_visible(timeout=WAIT)
    _expect_here(visit)


def give_account(visit: Visit, account: str) -> None:
    visit.page.locator("input[name='sign_in_name']").fill(account)
    visit.page.keyboard.press("Enter")


def give_password(visit: Visit) -> None:
    visit.page.locator("input[name='password']").fill(PASSWORD_OF_EVERYBODY)
    visit.page.keyboard.press("Enter")


def expect_verification(visit: Visit) -> None:
    """A method registered earlier is asked for."""
    visit.page.wait_for_url(re.compile(r"/verify$"))
    _expect_here(visit)
    expect(visit.page.locator(CODE_FIELD)).to_be_visible(timeout=WAIT)


def expect_registration(visit: Visit) -> None:
    """The first of the registration pages (V10)."""
    visit.page.wait_for_url(re.compile(r"/register$"))
    _expect_here(visit)
    visit.expect_heading("More information required")


def give_code(visit: Visit, code: str) -> None:
    visit.page.locator(CODE_FIELD).fill(code)
    visit.page.keyboard.press("Enter")


def register_authenticator_app(visit: Visit) -> None:
    """Next, choose the app, set it up with the key shown, prove it with a code, go on."""
    visit.press("Next")
    visit.page.get_by_text("Authenticator app", exact=True).first.click()
    if visit.page.get_by_role("button", name="Next", exact=True).count():
        visit.press("Next")
    visit.authenticator = Authenticator(_manual_key(visit))
    give_code(visit, visit.authenticator.code())
    visit.page.wait_for_url(re.compile(r"/done$"))
    visit.press("I have saved them. Continue")


def expect_never_asked_to_verify(visit: Visit) -> None:
    """Since the page was opened neither verification nor registration was on the way."""
    asked = [address for address in visit.trail if _page_of(address) in {"verify", "register"}]
    assert not asked, f"MFA was asked for: {asked}"


def expect_never_asked_to_register(visit: Visit) -> None:
    asked = [address for address in visit.trail if "/register" in urlsplit(address).path]
    assert not asked, f"registration was asked for: {asked}"


def code_of_persona(visit: Visit, account: str) -> str:
    """The code the persona's phone shows now, read from the demo's persona page in a second tab."""
    tab = visit.page.context.new_page()
    try:
        tab.goto(f"{visit.site.entra}/demo/personas")
        row = tab.locator("tr, li, article").filter(has_text=account).last
        found = re.search(r"\b\d{3} ?\d{3}\b", row.inner_text())
        assert found, f"the persona page shows no code for {account}"
        return found.group().replace(" ", "")
    finally:
        tab.close()


def _manual_key(visit: Visit) -> str:
    """Unfold the key that is there for those who cannot scan the picture."""
    visit.page.locator("summary").filter(has_text="scan").click()
    text = visit.page.locator("details[open]").last.inner_text()
    found = re.search(r"(?:[a-z2-7]{4} ?){8,}", text, re.IGNORECASE)
    assert found, f"the page shows no key to type in: {text}"
    return found.group()


def _expect_here(visit: Visit) -> None:
    assert visit.page.url.startswith(f"{visit.site.entra}/"), f"expected the identity provider, is at {visit.page.url}"


def _page_of(address: str) -> str:
    return urlsplit(address).path.rstrip("/").rsplit("/", 1)[-1]
