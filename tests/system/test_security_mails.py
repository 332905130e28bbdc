"""Somebody subscribes to mails about the security requirements, and a figure that is too low becomes one mail (Q1)."""

import os
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from scripts.running import Running
from scripts.walkthrough.visit import Visit
from tests.axe import violations_in_both_schemes
from tests.system.causes import look
from tests.system.test_revocation import ALEJANDRA, signed_in

pytestmark = pytest.mark.requirement("Q1")
STATUS = "/dashboard/account/security-requirements"
ADDRESS = "alejandra.ruiz@mail.example"
QUESTION = "Confirm your address for mails of Contoso"
ALERT = "Security requirements of Contoso: below the threshold"
WITHIN = 60  # seconds: a turn every 20 writes, one every second sends


def mails_with(visit: Visit, subject: str) -> int:
    visit.page.goto(f"{visit.site.entra}/demo/outbox")
    return visit.page.get_by_role("link", name=subject, exact=True).count()


def read_mail(visit: Visit, subject: str) -> str:
    """Wait until the outbox has it."""
    until = time.monotonic() + WITHIN
    while not mails_with(visit, subject):
        assert time.monotonic() < until, visit.where()
        time.sleep(1)
    visit.page.get_by_role("link", name=subject, exact=True).first.click()
    visit.expect_heading(subject)
    return visit.page.locator("main").inner_text()


def keep_picture(visit: Visit, name: str) -> None:
    """Axe finds nothing; where MAIL_PICTURES names a folder, the page as it was seen."""
    assert violations_in_both_schemes(visit.page) == []
    if folder := os.environ.get("MAIL_PICTURES"):
        for scheme in ("light", "dark"):
            visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            visit.page.screenshot(path=Path(folder) / f"{name}-{scheme}.png", full_page=True)


def recompute(visit: Visit) -> None:
    """At most once a minute: wait for the next turn where it is too soon."""
    until = time.monotonic() + 90
    while True:
        visit.open(STATUS)
        visit.press("Recompute now")
        visit.page.get_by_text(re.compile("figures were computed")).first.wait_for()
        if visit.page.get_by_text("The figures were computed.", exact=True).count():
            return
        assert time.monotonic() < until, visit.where()
        time.sleep(5)


def test_a_subscriber_is_told_once_that_a_figure_is_too_low(chromium: Browser, own_site: Running) -> None:
    with signed_in(chromium, own_site, ALEJANDRA) as admin:
        admin.open(STATUS)
        admin.press("Mails")
        admin.expect_heading("Mails about the status")
        admin.page.get_by_label("Mail address").fill(ADDRESS)
        admin.press("Add address")
        admin.page.get_by_text(f"A link to confirm was mailed to {ADDRESS}.").wait_for()
        keep_picture(admin, "mails")

        link = re.search(r"\S+/security-mails/confirm/\S+", read_mail(admin, QUESTION))
        assert link
        admin.page.goto(link[0])
        keep_picture(admin, "confirm")
        admin.press("Confirm")
        admin.expect_heading("Your address is confirmed")

        recompute(admin)  # of Contoso's accounts that for emergencies is excluded
        text = read_mail(admin, ALERT)
        assert f"To\n{ADDRESS}" in text
        assert "Accounts with MFA enforced: 88%, which is below the threshold of 100%." in text
        assert "Excluded from the policy: 1" in text
        keep_picture(admin, "alert")

        look(own_site, "Contoso")
        for _turn in range(2):  # the first writes a mail that is due, the second sends it
            own_site.manage("partnercenter.settings", "loop", "--once")
        assert mails_with(admin, ALERT) == 1

        leave = re.search(r"\S+/security-mails/unsubscribe/\S+", text)
        assert leave
        admin.new_session()
        admin.page.goto(leave[0])
        keep_picture(admin, "unsubscribe")
        admin.press("Unsubscribe")
        admin.expect_heading("You are unsubscribed")
