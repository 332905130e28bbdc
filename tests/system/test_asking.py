"""People without a verification method are asked by mail, register, and stop keeping the figure down (Q5)."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from scripts.running import Running
from scripts.walkthrough import provider
from scripts.walkthrough.visit import Visit
from tests.axe import violations_in_both_schemes
from tests.system.causes import CUSTOMERS, STATUS, look
from tests.system.test_causes_of_defaults import ADMIN, FABRIKAM, JOHN, putting_off
from tests.system.test_security_mails import read_mail

pytestmark = [pytest.mark.requirement("Q5"), pytest.mark.requirement("V12")]
QUESTION = "Fabrikam: please register a verification method"


def keep_picture(visit: Visit, name: str) -> None:
    """Axe finds nothing; where ASK_PICTURES names a folder, the page as it was seen."""
    assert violations_in_both_schemes(visit.page) == []
    if folder := os.environ.get("ASK_PICTURES"):
        for scheme in ("light", "dark"):
            visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            visit.page.screenshot(path=Path(folder) / f"{name}-{scheme}.png", full_page=True)


def test_whoever_is_asked_registers_by_the_link_and_signs_in_with_mfa(chromium: Browser, own_site: Running) -> None:
    site = own_site
    site.manage("entra.settings", "set_policy", FABRIKAM, "--security-defaults", "on")
    putting_off(site, JOHN)
    look(site, "Fabrikam")
    admin, john = (Visit(chromium, site.site, lambda days: None) for _person in range(2))
    _ask(admin)
    _follow(john, read_mail(admin, QUESTION))
    look(site, "Fabrikam")
    admin.open(f"{STATUS}/causes")
    row = admin.page.get_by_role("row").filter(has_text=JOHN)
    assert "Put right, and leaving the window by itself" in row.inner_text()
    keep_picture(admin, "causes")
    row.get_by_role("link").click()
    admin.page.get_by_text("Last asked to register", exact=True).wait_for()
    admin.open("/dashboard/account/users/ask-to-register")
    assert admin.page.get_by_text(JOHN, exact=True).count() == 0
    admin.close()
    john.close()


def _ask(admin: Visit) -> None:
    """From the status page to the mail; administrators have to register before anything else (V12)."""
    admin.new_session()
    admin.open(STATUS)
    provider.give_account(admin, ADMIN)
    provider.give_password(admin)
    provider.expect_registration(admin)
    provider.register_authenticator_app(admin)
    admin.arrive(STATUS)
    keep_picture(admin, "status")
    admin.press("Ask by mail to register")
    admin.expect_heading("Ask people to register")
    keep_picture(admin, "list")
    admin.page.get_by_role("checkbox", name="John").check()
    admin.press("Preview for the chosen")
    admin.expect_heading("Whom the mail would ask")
    assert admin.page.get_by_role("row").filter(has_text=JOHN).count() == 1
    keep_picture(admin, "preview")
    admin.press("Ask 1 person")
    admin.page.get_by_text("1 person was asked.").wait_for()
    keep_picture(admin, "asked")


def _follow(john: Visit, mail: str) -> None:
    """The link of the mail in a new browser: sign in, register there; the next sign-in then proves MFA."""
    assert f"To\n{JOHN}" in mail
    link = re.search(r"Register a verification method: (\S+)", mail)
    assert link
    john.new_session()
    john.page.goto(link[1])
    provider.give_account(john, JOHN)
    provider.give_password(john)
    provider.expect_registration(john)
    provider.register_authenticator_app(john)
    john.expect_heading("My security info")
    app = john.authenticator
    john.new_session()
    john.open(CUSTOMERS)
    provider.give_account(john, JOHN)
    provider.give_password(john)
    provider.expect_verification(john)
    provider.give_code(john, app.code())
    john.arrive(CUSTOMERS)
