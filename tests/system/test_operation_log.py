"""What was answered is logged, whatever happens to the process that answered (Q10)."""

import os
import signal
import sqlite3
import subprocess

import pytest
from playwright.sync_api import Browser

from scripts.running import Running
from scripts.walkthrough import provider
from scripts.walkthrough.visit import Visit

pytestmark = pytest.mark.requirement("Q10")


def logged_paths(site: Running) -> list[str]:
    with sqlite3.connect(site.site.var_dir / "portal.sqlite3") as database:
        return [path for (path,) in database.execute("SELECT path FROM activity_operationrecord ORDER BY at")]


def kill_the_portals_workers(site: Running) -> None:
    """As the kernel does when memory runs out: no signal handler runs, nothing is flushed."""
    master = site.pid("portal")
    children = subprocess.check_output(["ps", "-o", "pid=", "--ppid", str(master)], text=True).split()
    assert children
    for child in children:
        os.kill(int(child), signal.SIGKILL)


def test_killing_the_web_processes_loses_no_answered_operation(chromium: Browser, own_site: Running) -> None:
    visit = Visit(chromium, own_site.site, lambda days: None)
    visit.new_session()
    visit.open("/dashboard/overview")
    provider.give_account(visit, "john@fabrikam.example")
    provider.give_password(visit)
    visit.arrive("/dashboard/overview")
    for _ in range(20):
        visit.page.request.get(f"{own_site.site.portal}/dashboard/servicehealth")
    kill_the_portals_workers(own_site)
    visit.close()
    assert logged_paths(own_site) == ["/dashboard/overview"] + ["/dashboard/servicehealth"] * 20
