"""A change at the provider is obeyed by the portal within five seconds, in two browsers side by side (M22)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from scripts.running import Running, started
from scripts.services import ROOT
from scripts.walkthrough import provider
from scripts.walkthrough.visit import Visit
from tests.system.events import LIMIT, changed_at, cut_off_push

pytestmark = pytest.mark.requirement("M22")
SALES, ALEJANDRA, ADMIN = "sales@contoso.example", "alejandra@contoso.example", "globaladmin@contoso.example"
CUSTOMERS, OVERVIEW, USERS = "/commerce/customers", "/dashboard/overview", "/dashboard/account/users"
CURRENT_SECONDS = 4


@pytest.fixture
def impatient_site(seeded: Running, tmp_path: Path) -> Iterator[Running]:
    """A site that calls its events old after a few seconds instead of sixty."""
    site = seeded.copied_to(tmp_path / "var")
    site.env["EVENTS_CURRENT_SECONDS"] = str(CURRENT_SECONDS)
    with started(site) as running:
        yield running


@contextmanager
def signed_in(chromium: Browser, site: Running, account: str) -> Iterator[Visit]:
    """A browser of its own in which this person has signed in and verified."""
    visit = Visit(chromium, site.site, lambda days: None)
    visit.new_session()
    visit.open(OVERVIEW)
    provider.give_account(visit, account)
    provider.give_password(visit)
    provider.expect_verification(visit)
    provider.give_code(visit, provider.code_of_persona(visit, account))
    visit.arrive(OVERVIEW)
    yield visit
    visit.close()


def status(visit: Visit, path: str = CUSTOMERS) -> int:
    return visit.page.request.get(f"{visit.site.portal}{path}", max_redirects=0).status


def seconds_until(visit: Visit, wanted: int, site: Running, *command: str, path: str = CUSTOMERS) -> float:
    """Make a change at the provider; return how long after it the portal answers with this status."""
    arguments = [sys.executable, "manage.py", "--settings=entra.settings", *command]
    process = subprocess.Popen(arguments, cwd=ROOT, env=site.env, stdout=subprocess.DEVNULL)
    last_before = time.time()
    while (answered := status(visit, path)) != wanted:
        last_before = time.time()
        assert process.poll() is None or last_before - changed_at(site) < 2 * LIMIT, f"still {answered}"
        time.sleep(0.05)
    seen = time.time()
    assert process.wait(30) == 0
    return seen - changed_at(site)


def kill(site: Running, name: str) -> None:
    os.killpg(site.pid(name), signal.SIGKILL)


@pytest.fixture
def within_the_limit(record_property: Callable[[str, object], None]) -> Callable[[str, float], None]:
    def note(what: str, seconds: float) -> None:
        record_property(what, f"{seconds:.2f} s")
        sys.stdout.write(f"M22: {what}: obeyed after {seconds:.2f} s\n")
        assert seconds < LIMIT

    return note


Noted = Callable[[str, float], None]


def test_a_role_is_taken_and_given_in_one_browser_while_another_goes_on(
    chromium: Browser, own_site: Running, within_the_limit: Noted
) -> None:
    with signed_in(chromium, own_site, SALES) as sales, signed_in(chromium, own_site, ALEJANDRA) as alejandra:
        sales.open(CUSTOMERS)
        sales.expect_heading("Customers")
        taken = seconds_until(sales, 403, own_site, "set_role", SALES, "SalesAgents", "--remove")
        within_the_limit("role taken, by push", taken)
        sales.page.reload()
        sales.expect_heading("You can't open this page")
        alejandra.open(CUSTOMERS)
        alejandra.expect_heading("Customers")
        given = seconds_until(sales, 200, own_site, "set_role", SALES, "SalesAgents")
        within_the_limit("role given, by push", given)
        sales.open(CUSTOMERS)
        sales.expect_heading("Customers")


def test_with_the_push_cut_off_the_poll_brings_the_change(
    chromium: Browser, own_site: Running, within_the_limit: Noted
) -> None:
    cut_off_push(own_site)
    with signed_in(chromium, own_site, SALES) as sales, signed_in(chromium, own_site, ALEJANDRA) as alejandra:
        assert status(sales) == 200
        taken = seconds_until(sales, 403, own_site, "set_role", SALES, "SalesAgents", "--remove")
        within_the_limit("role taken, by poll", taken)
        assert status(alejandra) == 200


def test_a_disabled_account_and_revoked_sessions_are_out(
    chromium: Browser, own_site: Running, within_the_limit: Noted
) -> None:
    with signed_in(chromium, own_site, SALES) as sales, signed_in(chromium, own_site, ALEJANDRA) as alejandra:
        disabled = seconds_until(sales, 302, own_site, "set_account", SALES, "--disable", path=OVERVIEW)
        within_the_limit("account disabled", disabled)
        assert status(alejandra) == 200
        revoked = seconds_until(alejandra, 302, own_site, "set_account", ALEJANDRA, "--revoke-sessions", path=OVERVIEW)
        within_the_limit("sessions revoked", revoked)
        alejandra.open(OVERVIEW)
        provider.expect_sign_in(alejandra)


def test_without_events_the_provider_is_asked_and_without_its_answer_user_management_is_closed(
    chromium: Browser, impatient_site: Running
) -> None:
    site = impatient_site
    with signed_in(chromium, site, ADMIN) as admin, signed_in(chromium, site, ALEJANDRA) as alejandra:
        if status(admin, USERS) == 404:
            pytest.skip("no page of the matrix needs the directory's word yet")
        cut_off_push(site)
        kill(site, "portal_loop")
        time.sleep(CURRENT_SECONDS + 1)
        assert (status(admin, USERS), status(alejandra, USERS)) == (200, 200)
        site.manage("entra.settings", "set_role", ADMIN, "Global Administrator", "--remove")
        assert (status(admin, USERS), status(alejandra, USERS)) == (403, 200)
        kill(site, "entra")
        assert (status(admin, USERS), status(alejandra, USERS)) == (403, 503)
        alejandra.open(USERS)
        alejandra.expect_heading("The directory cannot be reached")
        alejandra.open(CUSTOMERS)
        alejandra.expect_heading("Customers")
