"""The provider refused somebody: the page says why, and says "cancelled" only to who cancelled."""

import pytest

from tests.portal.accounts.conftest import Browser

CANCELLED = "Sign-in was cancelled"


@pytest.mark.parametrize("code", ["", "AADSTS65004: declined", "AADSTS500121: not completed", "AADSTS50008: gave up"])
def test_who_gives_up_is_told_that_nothing_changed(browser: Browser, code: str) -> None:
    page = browser.bring_error(browser.leave(), "access_denied", code).content.decode()
    assert CANCELLED in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("50020", "does not exist in the organization"),
        ("50057", "is disabled"),
        ("50079", "it was not proven"),
        ("50158", "was not passed"),
        ("53003", "A policy of your organization"),
        ("75011", "it was not proven"),
        ("99999", "It gave this reason:"),
    ],
)
def test_who_is_refused_is_told_why_and_not_that_they_cancelled(browser: Browser, code: str, words: str) -> None:
    page = browser.bring_error(browser.leave(), "access_denied", f"AADSTS{code}: whatever").content.decode()
    assert CANCELLED not in page
    assert words in page
    assert f"AADSTS{code}" in page


@pytest.mark.requirement("M11")
@pytest.mark.parametrize("code", ["50079", "53003", "50057"])
def test_a_refused_verification_is_not_called_cancelled(browser: Browser, code: str) -> None:
    browser.sign_in()
    page = browser.bring_error(browser.leave("/commerce"), "access_denied", f"AADSTS{code}: whatever").content.decode()
    assert "The verification was not sufficient" in page
    assert f"AADSTS{code}" in page
