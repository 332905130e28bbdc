"""An administrator writes a policy at the provider, looks at what it would do, switches it on, and it is obeyed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from scripts.running import Running
from scripts.walkthrough import provider
from scripts.walkthrough.visit import Visit

pytestmark = pytest.mark.requirement("V13")
ADMIN, NOA = "globaladmin@contoso.example", "nobody@contoso.example"
OVERVIEW = "/dashboard/overview"


@contextmanager
def browser_of(chromium: Browser, site: Running) -> Iterator[Visit]:
    visit = Visit(chromium, site.site, lambda days: None)
    visit.new_session()
    yield visit
    visit.close()


def sign_in(visit: Visit, account: str) -> None:
    provider.give_account(visit, account)
    provider.give_password(visit)
    provider.expect_verification(visit)
    provider.give_code(visit, provider.code_of_persona(visit, account))


def go(visit: Visit, entry: str, heading: str) -> None:
    """Choose an entry of the rail."""
    visit.page.get_by_role("navigation", name="Main").get_by_role("link", name=entry, exact=True).click()
    visit.expect_heading(heading)


def test_a_policy_is_written_looked_at_switched_on_and_obeyed(chromium: Browser, own_site: Running) -> None:
    with browser_of(chromium, own_site) as admin, browser_of(chromium, own_site) as noa:
        admin.page.goto(f"{own_site.site.entra}/admin")
        sign_in(admin, ADMIN)
        admin.expect_heading("Overview")
        write_a_report_only_policy(admin)
        noa.open(OVERVIEW)
        sign_in(noa, NOA)
        noa.arrive(OVERVIEW)  # nothing is demanded yet
        look_at_what_it_would_do(admin)
        switch_it_on(admin)
        noa.new_session()
        noa.open(OVERVIEW)
        provider.give_account(noa, NOA)
        provider.give_password(noa)
        expect(
            noa.page.get_by_text("A policy of your organization does not let you sign in from here.")
        ).to_be_visible()
        go(admin, "Sign-in log", "Sign-in log")
        expect(admin.page.get_by_role("cell", name="A policy not met").first).to_be_visible()
        sign_out(admin)


def write_a_report_only_policy(admin: Visit) -> None:
    go(admin, "Conditional access", "Conditional access")
    admin.press("New policy")
    admin.page.get_by_label("Name", exact=True).fill("No Noa")
    admin.page.get_by_label("Block", exact=True).check()
    admin.page.locator("[name=include_users]").fill(NOA)
    admin.press("Save")
    admin.expect_heading("No Noa")
    expect(admin.page.get_by_text("Report-only", exact=True).first).to_be_visible()
    sentence = "Sign-ins of Noa Berg to any application from any network are blocked."
    expect(admin.page.get_by_text(sentence)).to_be_visible()


def look_at_what_it_would_do(admin: Visit) -> None:
    admin.page.reload()
    row = admin.page.get_by_role("row").filter(has_text=NOA)
    expect(row.get_by_text("Report-only: would block")).to_be_visible()
    row.get_by_role("link", name=NOA).click()
    admin.expect_heading("Sign-in")
    weighed = admin.page.get_by_role("row").filter(has_text="No Noa")
    expect(weighed).to_contain_text("It is report-only: its conditions are met, and nothing is demanded.")
    go(admin, "What if", "What if")
    admin.page.get_by_label("Person", exact=True).fill(NOA)
    admin.page.get_by_label("Application", exact=True).select_option(label="Partner Center")
    admin.press("Weigh it")
    expect(admin.page.get_by_text("The person verifies with:", exact=False)).to_be_visible()
    admin.page.get_by_role("link", name="No Noa").click()
    admin.expect_heading("No Noa")


def switch_it_on(admin: Visit) -> None:
    admin.press("Switch on…")
    admin.expect_heading("Who is locked out tomorrow")
    expect(admin.page.get_by_role("row").filter(has_text=NOA)).to_contain_text("Would be blocked")
    admin.press("Switch on now")
    admin.expect_heading("No Noa")
    expect(admin.page.get_by_text("“No Noa” is on, from the next sign-in.")).to_be_visible()


def sign_out(admin: Visit) -> None:
    admin.page.locator("details.account summary").click()
    admin.press("Sign out")
    admin.expect_heading("You are signed out")
    admin.page.goto(f"{admin.site.entra}/admin")
    provider.expect_sign_in(admin)
