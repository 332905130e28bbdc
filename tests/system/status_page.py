"""The page Security requirements status as somebody reads it in a browser: figures, tables and files."""

import csv

from playwright.sync_api import Browser

from scripts.running import Running
from scripts.walkthrough import provider
from scripts.walkthrough.__main__ import visit_of
from scripts.walkthrough.visit import Visit

STATUS = "/dashboard/account/security-requirements"
ACCOUNTS, PORTAL, API = "Accounts with MFA enforced", "Through Partner Center", "Through API or SDK"


def status_opened_by(chromium: Browser, site: Running, account: str) -> Visit:
    """Somebody of whom no MFA is asked, at the report."""
    visit = visit_of(chromium, site)
    visit.new_session()
    visit.open(STATUS)
    provider.give_account(visit, account)
    provider.give_password(visit)
    visit.arrive(STATUS)
    return visit


def figure(visit: Visit, title: str) -> tuple[str, str]:
    """A metric's percentage and of what it is one."""
    card = visit.page.locator("section.card", has=visit.page.get_by_role("heading", name=title, level=2, exact=True))
    return card.locator(".metric-value").inner_text(), card.locator(".metric-note").inner_text()


def newest_snapshot(visit: Visit) -> list[str]:
    """The three percentages in the first row of the trend's table, which is folded up."""
    table = visit.page.get_by_role("table", name="Daily snapshots", include_hidden=True)
    return table.locator("tbody tr").first.locator("td").all_text_contents()


def days(visit: Visit, label: str) -> list[tuple[str, str, str]]:
    """With MFA, all and the share for each day of a metric's window, the oldest first."""
    rows = visit.page.get_by_role("table", name=label, exact=True, include_hidden=True).locator("tbody tr")
    return [tuple(row.locator("td").all_text_contents()) for row in rows.all()]  # type: ignore[misc]


def file(visit: Visit, path: str) -> list[dict[str, str]]:
    """The rows of a file of the report, under their titles."""
    answer = visit.page.request.get(f"{visit.site.portal}{STATUS}{path}")
    assert answer.status == 200, answer.text()
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(answer.text().lstrip("\ufeff").splitlines()))
