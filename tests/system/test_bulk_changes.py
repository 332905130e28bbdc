"""A bulk change of some hundred people over the real services, whose loop is killed while it runs (M8, M22)."""

import csv
import io
import sqlite3
import time
from collections import Counter
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from scripts.running import Running
from scripts.walkthrough.visit import Visit
from tests.system.test_revocation import ADMIN, OVERVIEW, SALES, USERS, kill, signed_in, status

pytestmark = [pytest.mark.requirement("M8"), pytest.mark.requirement("M22")]
PEOPLE = 240
HELPDESK, NOA = "helpdesk@contoso.example", "nobody@contoso.example"
HELPDESK_GROUP, SALES_GROUP = "a0000000-0000-4000-8000-000000000013", "a0000000-0000-4000-8000-000000000012"
REQUESTS = "/dashboard/v2/support/customers"
HEADER = "user_principal_name,add_roles,remove_roles,account,registration"
RUN_SECONDS = 420
REFUSED = {ADMIN: "wrong", "nobody@nowhere.example": "wrong"}
"""Whoever asks for the change is left out of it, and the other is nobody."""


def person(number: int) -> str:
    return f"person{number}@contoso.example"


def change(number: int) -> str:
    """Every third gets a role, every third two, every third is disabled and gets one."""
    return ("helpdesk-agent,,,", "helpdesk-agent;sales-agent,,,", "sales-agent,,disable,")[number % 3]


def rows() -> list[str]:
    people = [f"{person(number)},{change(number)}" for number in range(1, PEOPLE + 1)]
    known = [f"{SALES},helpdesk-agent,sales-agent,,", f"{HELPDESK},sales-agent,,,", f"{NOA},,,disable,"]
    return [*people[:100], *known, *(f"{name},sales-agent,,," for name in REFUSED), *people[100:]]


def expected_audit() -> Counter[tuple[str, str]]:
    """How many records each person gets in the portal's audit log, by action."""
    given, off = "account.role-assigned", "account.user-disabled"
    wanted: Counter[tuple[str, str]] = Counter()
    for number in range(1, PEOPLE + 1):
        wanted[person(number), given] += (1, 2, 1)[number % 3]
        if number % 3 == 2:
            wanted[person(number), off] += 1
    wanted[SALES, given], wanted[SALES, "account.role-removed"], wanted[HELPDESK, given], wanted[NOA, off] = 1, 1, 1, 1
    return wanted


def asked(site: Running, service: str, query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(site.site.var_dir / f"{service}.sqlite3", timeout=30)) as database:
        return database.execute(query).fetchall()


def done(site: Running) -> int:
    return int(asked(site, "portal", "SELECT count(*) FROM accounts_bulkrow WHERE state = 'done'")[0][0])


def wait_for(site: Running, count: int) -> None:
    deadline = time.monotonic() + RUN_SECONDS
    while done(site) < count:
        assert time.monotonic() < deadline, f"{done(site)} rows are done"
        time.sleep(0.05)


def upload(admin: Visit) -> None:
    admin.open(f"{USERS}/bulk")
    file = {"name": "staff.csv", "mimeType": "text/csv", "buffer": "\n".join([HEADER, *rows()]).encode()}
    admin.page.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
    admin.press("Check the file")


@pytest.fixture
def crowded(own_site: Running) -> Running:
    """Contoso with some hundred people more."""
    own_site.manage("entra.settings", "add_people", str(PEOPLE), "--tenant", "contoso.example")
    return own_site


def test_a_bulk_change_whose_loop_is_killed_twice_ends_with_every_row_whole_and_recorded_once(
    chromium: Browser, crowded: Running
) -> None:
    site = crowded
    with (
        signed_in(chromium, site, ADMIN) as admin,
        signed_in(chromium, site, SALES) as sales,
        signed_in(chromium, site, HELPDESK) as helpdesk,
        signed_in(chromium, site, NOA) as noa,
    ):
        assert (status(sales, REQUESTS), status(helpdesk, REQUESTS), status(noa, OVERVIEW)) == (403, 200, 200)
        upload(admin)
        ready = admin.page.get_by_role("button", name=f"Change {PEOPLE + 3} users")
        ready.wait_for(timeout=RUN_SECONDS * 1000)
        assert done(site) == 0
        ready.click()
        for kill_at in (60, 150):
            wait_for(site, kill_at)
            kill(site, "portal_loop")
            time.sleep(1)
            before = done(site)
            assert kill_at <= before < PEOPLE
            time.sleep(1)
            assert done(site) == before  # nobody goes on with it
            admin.page.reload()
            assert f"{before + len(REFUSED)} of {PEOPLE + 5} rows" in admin.page.locator("main").inner_text()
            site.start_again("portal_loop")
        wait_for(site, PEOPLE + 3)
        expect(admin.page.locator("#progress[data-moving]")).to_have_count(0)  # without a click
        assert f"{PEOPLE + 5} of {PEOPLE + 5} rows · Finished" in admin.page.locator("main").inner_text()
        assert_every_row_is_done_or_refused(admin)
        assert_each_change_is_recorded_once(site)
        assert_the_directory_holds_what_the_file_says(site)
        assert_the_portal_agrees(site)
        assert (status(sales, REQUESTS), status(helpdesk, REQUESTS), status(noa, OVERVIEW)) == (200, 200, 302)


def assert_every_row_is_done_or_refused(admin: Visit) -> None:
    result = admin.page.request.get(f"{admin.page.url.split('?')[0]}/result")
    lines = list(csv.DictReader(io.StringIO(result.text().removeprefix("\ufeff"))))
    assert len(lines) == PEOPLE + 5
    for line in lines:
        assert line["result"] == REFUSED.get(line["user_principal_name"], "done"), line
        assert bool(line["reason"]) == (line["user_principal_name"] in REFUSED), line


def assert_each_change_is_recorded_once(site: Running) -> None:
    actions = "('account.role-assigned', 'account.role-removed', 'account.user-disabled')"
    written = asked(site, "portal", f"SELECT subject, action FROM activity_auditrecord WHERE action IN {actions}")  # noqa: S608
    assert Counter(written) == expected_audit()
    per_job = "SELECT count(*) FROM activity_auditrecord WHERE action = 'account.bulk-change-finished'"
    assert asked(site, "portal", per_job) == [(1,)]
    at_provider = "('group.memberAdded', 'group.memberRemoved', 'user.disabled')"
    made = asked(
        site,
        "entra",
        f"SELECT subject, action, detail FROM activity_auditrecord WHERE action IN {at_provider}",  # noqa: S608
    )
    assert max(Counter(made).values()) == 1
    assert len(made) == expected_audit().total()


def assert_the_directory_holds_what_the_file_says(site: Running) -> None:
    members = asked(
        site,
        "entra",
        "SELECT user_principal_name, group_id FROM directory_groupmembership m"
        " JOIN directory_user u ON u.id = m.user_id WHERE user_principal_name LIKE 'person%' OR user_principal_name IN"
        " ('sales@contoso.example', 'helpdesk@contoso.example')",
    )
    held = {(name, group) for name, group in members}
    helped, sold = HELPDESK_GROUP.replace("-", ""), SALES_GROUP.replace("-", "")
    numbers = range(1, PEOPLE + 1)
    assert {name for name, group in held if group == helped} >= {person(n) for n in numbers if n % 3 != 2} | {SALES}
    assert {name for name, group in held if group == sold} == {person(n) for n in numbers if n % 3 != 0} | {HELPDESK}
    disabled = asked(site, "entra", "SELECT user_principal_name FROM directory_user WHERE NOT account_enabled")
    assert {name for (name,) in disabled} >= {person(n) for n in numbers if n % 3 == 2} | {NOA}
    assert not {name for (name,) in disabled} & {person(n) for n in numbers if n % 3 != 2}


def assert_the_portal_agrees(site: Running) -> None:
    """Those the portal knows have in its projection what the directory says."""
    query = "SELECT user_principal_name, projected_roles, disabled_at IS NULL FROM accounts_user"
    known = {name: (roles, enabled) for name, roles, enabled in asked(site, "portal", query)}
    assert known[SALES] == ('["helpdesk-agent"]', 1)
    assert known[HELPDESK] == ('["helpdesk-agent", "sales-agent"]', 1)
    assert known[NOA] == ("[]", 0)
