"""Processes of the portal are killed while people and programs are at work: what was answered is in the log once, and
the roll-ups are what the log comes to (Q10)."""

import os
import signal
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Event, Thread
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser

from scripts.running import Running
from scripts.walkthrough import provider
from scripts.walkthrough.visit import Visit
from tests.interop.person import Person
from tests.system.load import Program
from tests.system.programs import TENANT, TOOL, manage, of_person, own_programs

pytestmark = pytest.mark.requirement("Q10")
CONNECTIONS, KILLS = 2, 3
OWN = {"sync": "30000000-0000-4000-8000-000000000007"}
PAGE = "/dashboard/servicehealth"
Ask = Callable[[requests.Session, str], requests.Response]


@dataclass
class Work:
    """Requests by their ids: answered, and those whose connection broke, of which nobody knows."""

    answered: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


@contextmanager
def at_work(ask: Ask) -> Iterator[Work]:
    """Ask again and again, over several connections, for as long as the block lasts."""
    ended, work, failures = Event(), Work(), list[Exception]()

    def go_on() -> None:
        http = requests.Session()
        http.trust_env = False
        while not ended.is_set():
            request_id = str(uuid.uuid4())
            try:
                answer = ask(http, request_id)
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):  # before or in the answer
                work.broken.append(request_id)
                continue
            assert answer.status_code == HTTPStatus.OK, answer.text
            work.answered.append(request_id)

    def noted() -> None:
        try:
            go_on()
        except Exception as failure:
            failures.append(failure)

    threads = [Thread(target=noted, daemon=True) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    try:
        yield work
    finally:
        ended.set()
        for thread in threads:
            thread.join(60)
    assert not failures, failures


def at_page(site: Running, chromium: Browser) -> Ask:
    """As John, who has signed in at a browser."""
    visit = Visit(chromium, site.site, lambda days: None)
    visit.new_session()
    visit.open(PAGE)
    provider.give_account(visit, "john@fabrikam.example")
    provider.give_password(visit)
    visit.arrive(PAGE)
    cookies = {one["name"]: one["value"] for one in visit.page.context.cookies(site.site.portal)}
    visit.close()
    url = f"{site.site.portal}{PAGE}"
    return lambda http, _id: http.get(url, cookies=cookies, timeout=30, allow_redirects=False)


def calling(program: Program) -> Ask:
    headers = {"Authorization": f"Bearer {program.token}"}
    return lambda http, request_id: http.get(
        program.url, headers={**headers, "MS-RequestId": request_id}, timeout=30, allow_redirects=False
    )


def kill_one_worker(site: Running) -> None:
    master = site.pid("portal")
    workers = subprocess.check_output(["ps", "-o", "pid=", "--ppid", str(master)], text=True).split()
    os.kill(int(workers[0]), signal.SIGKILL)


def rows(site: Running, sql: str, *values: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(site.site.var_dir / "portal.sqlite3")) as database:
        return database.execute(sql, values).fetchall()


def test_what_was_answered_is_logged_and_counted_once(unlimited_site: Running, chromium: Browser) -> None:
    site = unlimited_site
    manage(site, "register_application", "Tool", "--client-id", TOOL, "--public", "--tenant", TENANT)
    for_john = of_person(site, "john", Person(""))
    (by_itself,) = own_programs(site, OWN).values()
    page = at_page(site, chromium)

    (before,) = rows(site, "SELECT count(*) FROM activity_operationrecord WHERE path = ?", PAGE)[0]
    with at_work(page) as pages, at_work(calling(for_john)) as of_john, at_work(calling(by_itself)) as of_itself:
        for _ in range(KILLS):
            answered = len(pages.answered)
            time.sleep(1)
            kill_one_worker(site)
            while len(pages.answered) < answered + 20:
                time.sleep(0.01)

    assert pages.broken or of_john.broken or of_itself.broken, "nobody was at work when a process was killed"
    logged = [request_id for (request_id,) in rows(site, "SELECT request_id FROM activity_apirequest")]
    assert len(logged) == len(set(logged))
    calls = of_john.answered + of_itself.answered
    assert set(calls) <= set(logged) <= {*calls, *of_john.broken, *of_itself.broken}
    (at_pages,) = rows(site, "SELECT count(*) FROM activity_operationrecord WHERE path = ?", PAGE)[0]
    assert len(pages.answered) <= at_pages - before <= len(pages.answered) + len(pages.broken)

    counted = dict(rows(site, "SELECT channel, sum(operations) FROM activity_dailytotal GROUP BY channel"))
    (operations,) = rows(site, "SELECT count(*) FROM activity_operationrecord")[0]
    assert counted["portal"] == operations
    assert counted["app+user"] + counted["app-only"] == len(logged)
    assert len(of_john.answered) <= counted["app+user"]
    assert len(of_itself.answered) <= counted["app-only"]
    site.manage("partnercenter.settings", "check_rollups")
