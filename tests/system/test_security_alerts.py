"""Somebody comes from where they never did: the portal tells within a minute, and an administrator judges it (M6)."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser

from scripts.running import Running, started
from scripts.walkthrough import provider
from scripts.walkthrough.__main__ import let_days_pass
from scripts.walkthrough.visit import Visit
from tests.axe import violations
from tests.system.test_developer_tools import forged
from tests.system.test_revocation import ALEJANDRA, OVERVIEW, SALES, signed_in

pytestmark = pytest.mark.requirement("M6")
WORKSPACE, ALERTS = "/dashboard/security", "/dashboard/security/alerts"
OFFICE, ELSEWHERE = "198.51.100.7", "203.0.113.9"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
CODE_SECONDS = 30
SETTLED = 11  # seconds: what is younger is left to the next turn
WITHIN = 75  # seconds: a turn every 30, which leaves the last ten to the next


@pytest.fixture
def proxied_site(seeded: Running, tmp_path: Path) -> Iterator[Running]:
    """A site that believes what a proxy on this machine says about where a request comes from."""
    site = seeded.copied_to(tmp_path / "var")
    site.env["TRUSTED_PROXIES"] = "127.0.0.1"
    with started(site) as running:
        yield running


@contextmanager
def from_address(chromium: Browser, admin: Visit, account: str, address: str, **device: str) -> Iterator[Visit]:
    """Somebody signs in through the proxy, from this address; the code is read at this machine, as it must be."""
    visit = Visit(chromium, admin.site, lambda days: None)
    visit.new_session(extra_http_headers={"X-Forwarded-For": address}, **device)
    visit.open(OVERVIEW)
    provider.give_account(visit, account)
    provider.give_password(visit)
    provider.expect_verification(visit)
    provider.give_code(visit, provider.code_of_persona(admin, account))
    visit.arrive(OVERVIEW)
    yield visit
    visit.close()


def call_from(visit: Visit, token: str, address: str) -> int:
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": address}
    return requests.get(f"{visit.site.portal}/v1/customers", headers=headers, timeout=20).status_code


def wait_for_alerts(visit: Visit, *names: str) -> None:
    until = time.monotonic() + WITHIN
    while True:
        visit.open(ALERTS)
        found = [visit.page.get_by_role("link", name=name, exact=True).count() for name in names]
        if all(found):
            return
        assert time.monotonic() < until, visit.where()
        time.sleep(1)


def keep_picture(visit: Visit, name: str) -> None:
    """Where ALERT_PICTURES names a folder, the page as it was seen, light and dark; axe finds nothing in either."""
    for scheme in ("light", "dark"):
        visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # a colour on its way would be judged
        assert violations(visit.page) == []
        if folder := os.environ.get("ALERT_PICTURES"):
            visit.page.screenshot(path=Path(folder) / f"{name}-{scheme}.png", full_page=True)


def test_a_sign_in_and_a_call_from_elsewhere_become_alerts_that_an_administrator_judges(
    chromium: Browser, proxied_site: Running
) -> None:
    with signed_in(chromium, proxied_site, ALEJANDRA) as admin:
        assert call_from(admin, forged(admin), OFFICE) == 200
        with from_address(chromium, admin, SALES, OFFICE):
            pass
        admin.open(ALERTS)
        assert "No alerts" in admin.page.locator("main").inner_text()

    time.sleep(SETTLED)
    proxied_site.manage("partnercenter.settings", "loop", "--once")  # a session two days old may be gone unread
    let_days_pass(proxied_site, 2)  # an application is known once it was used for a day
    time.sleep(CODE_SECONDS - time.time() % CODE_SECONDS)  # a one-time code is good once

    with signed_in(chromium, proxied_site, ALEJANDRA) as admin:
        assert call_from(admin, forged(admin), ELSEWHERE) == 200
        with from_address(chromium, admin, SALES, ELSEWHERE, user_agent=FIREFOX):
            pass
        wait_for_alerts(admin, "Unusual sign-in", "Application used from a new network")
        keep_picture(admin, "alerts")

        admin.page.get_by_role("link", name="Unusual sign-in", exact=True).click()
        admin.expect_heading("Unusual sign-in")
        page = admin.page.locator("main")
        sentence = f"{SALES} signed in from the network 203.0.113.0/24 with Firefox, Linux."
        assert sentence in page.inner_text()
        admin.press("Start investigating")
        page.get_by_text("You are investigating this alert now.").wait_for()
        keep_picture(admin, "investigating")
        page.get_by_label("Fraud: somebody had no right to it").check()
        page.get_by_label("What was found out").fill("Samira was in the office all day.")
        admin.press("Resolve")
        page.get_by_text("The alert was resolved.").wait_for()
        assert "Samira was in the office all day." in page.inner_text()
        keep_picture(admin, "resolved")

        admin.open(ALERTS)
        admin.page.get_by_role("link", name="Application used from a new network", exact=True).click()
        assert "first from 203.0.113.0/24" in page.inner_text()
        keep_picture(admin, "application")
        admin.press("The first call")
        admin.page.get_by_text(ELSEWHERE).wait_for()

        admin.open(WORKSPACE)
        keep_picture(admin, "workspace")
