"""User management against the real provider, in two browsers side by side (M8, M22)."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from scripts.running import Running
from scripts.walkthrough.visit import Visit
from tests.system.test_revocation import ADMIN, ALEJANDRA, CUSTOMERS, SALES, USERS, kill, signed_in, status

pytestmark = [pytest.mark.requirement("M8"), pytest.mark.requirement("M22")]
SAMIRA, GRACE = "Samira Haddad", "Grace Okafor"


def open_person(visit: Visit, name: str) -> None:
    visit.open(f"{USERS}?q={name.split(maxsplit=1)[0]}")
    visit.page.get_by_role("link", name=name, exact=True).click()
    visit.expect_heading(name)


def tick(visit: Visit, role: str, *, on: bool) -> None:
    visit.page.locator("summary", has_text="Change roles").click()
    visit.page.get_by_role("checkbox", name=role, exact=True).set_checked(on)
    visit.press("Save roles")
    visit.page.get_by_text("were changed").wait_for()


def keep_picture(visit: Visit, name: str) -> None:
    """Where USER_PICTURES names a folder, the page as it was seen."""
    if folder := os.environ.get("USER_PICTURES"):
        visit.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_what_an_administrator_changes_is_obeyed_by_the_other_browsers_next_request(
    chromium: Browser, own_site: Running
) -> None:
    with signed_in(chromium, own_site, ADMIN) as admin, signed_in(chromium, own_site, SALES) as sales:
        assert (status(sales), status(sales, USERS)) == (200, 403)
        admin.open(USERS)
        keep_picture(admin, "list")
        for query in ("role=helpdesk-agent", "mfa=registered", "last=never", "type=guest", "class=breakGlass"):
            admin.open(f"{USERS}?{query}")
            admin.expect_heading("Users")
            assert admin.page.locator("tbody tr").count() >= 1, query
        open_person(admin, SAMIRA)
        assert "MFA is enforced: verification is asked for at sign-in" in admin.page.locator("main").inner_text()
        keep_picture(admin, "detail")

        tick(admin, "Sales agent", on=False)
        assert status(sales) == 403
        tick(admin, "Sales agent", on=True)
        assert status(sales) == 200
        tick(admin, "Billing admin", on=True)
        assert status(sales, "/dashboard/billing") == 200

        admin.press("Disable")
        admin.expect_heading(f"Disable {SAMIRA}?")
        keep_picture(admin, "disable")
        admin.press("Disable")
        admin.page.get_by_text(f"{SAMIRA} was disabled.").wait_for()
        assert status(sales) == 302
        admin.press("Enable")
        admin.press("Enable")
        admin.page.get_by_text(f"{SAMIRA} was enabled.").wait_for()
        with signed_in(chromium, own_site, ALEJANDRA) as alejandra:
            assert status(alejandra) == 200
            open_person(admin, "Alejandra Rojas")
            admin.press("Sign out everywhere")
            admin.press("Sign out everywhere")
            admin.page.get_by_text("Alejandra Rojas was signed out everywhere.").wait_for()
            assert status(alejandra) == 302


def test_the_last_global_admin_is_kept_and_an_admin_agent_changes_agents_only(
    chromium: Browser, own_site: Running
) -> None:
    own_site.manage("entra.settings", "set_account", "breakglass@contoso.example", "--disable")
    own_site.manage("entra.settings", "set_role", ALEJANDRA, "Global Administrator", "--remove")
    with signed_in(chromium, own_site, ADMIN) as admin, signed_in(chromium, own_site, ALEJANDRA) as agent:
        open_person(admin, GRACE)
        assert "can neither be disabled nor lose the role" in admin.page.locator("main").inner_text()
        admin.page.locator("summary", has_text="Change roles").click()
        admin.page.get_by_role("checkbox", name="Global admin", exact=True).uncheck()
        admin.press("Save roles")
        admin.expect_heading("The directory refused")
        assert "last enabled Global admin" in admin.page.locator("main").inner_text()
        keep_picture(admin, "refused")
        assert status(admin, USERS) == 200

        open_person(agent, SAMIRA)
        agent.page.locator("summary", has_text="Change roles").click()
        ticked = agent.page.get_by_role("checkbox")
        assert ticked.count() == 3
        keep_picture(agent, "agent")
        agent.page.get_by_role("checkbox", name="Helpdesk agent", exact=True).check()
        agent.press("Save roles")
        agent.page.get_by_text("were changed").wait_for()
        assert status(agent, CUSTOMERS) == 200
        assert agent.page.get_by_role("link", name="Disable", exact=True).count() == 0


def test_a_file_is_checked_and_carried_out_by_the_loop_also_after_it_was_killed(
    chromium: Browser, own_site: Running
) -> None:
    rows = [
        "user_principal_name,add_roles,remove_roles,account,registration",
        f"{SALES},helpdesk-agent,sales-agent,,",
        "helpdesk@contoso.example,billing-admin,,,",
        "nobody@nowhere.example,sales-agent,,,",
    ]
    with signed_in(chromium, own_site, ADMIN) as admin, signed_in(chromium, own_site, SALES) as sales:
        kill(own_site, "portal_loop")
        admin.open(f"{USERS}/bulk")
        file = {"name": "staff.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
        admin.page.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
        admin.press("Check the file")
        admin.page.get_by_text("0 of 3 rows").wait_for()
        keep_picture(admin, "bulk-waiting")
        own_site.start_again("portal_loop")
        admin.page.get_by_role("button", name="Change 2 users").wait_for()  # shown without a click
        keep_picture(admin, "bulk-checked")
        assert status(sales) == 200
        admin.press("Change 2 users")
        admin.page.get_by_role("link", name="Changed", exact=True).wait_for()
        expect(admin.page.locator("#progress[data-moving]")).to_have_count(0)
        keep_picture(admin, "bulk-finished")
        assert status(sales, "/dashboard/v2/support/customers") in {200, 302}
        admin.open(f"{USERS}?role=billing-admin")
        assert "Hiro Tanaka" in admin.page.locator("tbody").inner_text()


def test_a_new_registration_is_asked_for_a_pass_is_made_and_a_guest_comes_in(
    chromium: Browser, own_site: Running
) -> None:
    with signed_in(chromium, own_site, ADMIN) as admin, signed_in(chromium, own_site, SALES) as sales:
        open_person(admin, SAMIRA)
        assert "Authenticator app" in admin.page.locator("table", has_text="Method").last.inner_text()
        admin.press("Require to register again")
        admin.press("Remove the methods")
        admin.page.get_by_text("has to register a verification method again").wait_for()
        assert status(sales) == 302
        assert "Not registered" in admin.page.locator("main").inner_text()
        admin.press("Temporary access pass")
        admin.press("Make a pass")
        admin.page.get_by_text("Shown this once").wait_for()
        keep_picture(admin, "pass-shown")

        admin.open(f"{USERS}/invite")
        admin.page.locator("input[name=address]").fill("john@fabrikam.example")
        admin.press("Invite")
        admin.page.get_by_text("john@fabrikam.example was invited.").wait_for()
        tick(admin, "Helpdesk agent", on=True)
        admin.open(f"{USERS}?role=helpdesk-agent&type=guest")
        assert admin.page.locator("tbody tr").count() == 1
        keep_picture(admin, "guest")
