"""The worker is killed again and again while operations come in: each is stored once and counted once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from activity import rollups, writer
from activity.models import ApiRequest, OperationRecord
from scripts.services import ROOT
from tests.portal.activity.entries import Done, counted_totals, counted_uses, kept_totals, kept_uses

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.requirement("Q10"),
    pytest.mark.skipif(
        not settings.REDIS_URL or connection.vendor != "postgresql",
        reason="needs PostgreSQL and Redis (scripts.stores)",
    ),
]
KILLS, SECONDS = 3, 60
RUN = """
import sys, django
django.setup()
from activity import writer
from activity.management.commands import ship_operations
writer.STREAM = ship_operations.STREAM = sys.argv[1]
ship_operations.Command().handle(once=False)
"""


@contextmanager
def shipper(stream: str) -> Iterator[None]:
    """The real one, on this test's database and stream. It ends as if the kernel had run out of memory."""
    of: dict[str, Any] = connection.settings_dict
    url = f"postgres://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}/{of['NAME']}"
    env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "partnercenter.settings"}
    process = subprocess.Popen([sys.executable, "-c", RUN, stream], cwd=ROOT, env=env)
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


@contextmanager
def people_at_work() -> Iterator[list[Done]]:
    """What was answered so far, while more is: in the portal and through the API, on both sides of midnight."""
    ended, answered = Event(), list[Done]()
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)

    def work() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            at = midnight + timedelta(seconds=number % 3 - 1, microseconds=number)
            user, mfa = f"person {number % 7}", number % 4 == 0
            if number % 2:
                one = Done(at, user_id=user, mfa=mfa)
            else:
                one = Done(at, channel="app+user", application_id="tool", user_id=user, mfa=mfa)
            writer.write(one.entry())
            answered.append(one)
            ended.wait(0.002)

    thread = Thread(target=work)
    thread.start()
    try:
        yield answered
    finally:
        ended.set()
        thread.join()


def stored() -> int:
    return OperationRecord.objects.count() + ApiRequest.objects.count()


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, "nothing is shipped"


def kill_while_it_stores(stream: str) -> None:
    """The table is held until the worker has taken a batch and waits to store it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE activity_operationrecord IN EXCLUSIVE MODE")

        def waits() -> bool:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE relation = 'activity_operationrecord'::regclass AND NOT granted"
            )
            return cursor.fetchone() == (1,)

        with shipper(stream):
            wait_until(waits)


def kill_when_it_has_stored(stream: str) -> None:
    """A batch is stored and, at this moment, hardly deleted from the stream."""
    before = stored()
    with shipper(stream):
        wait_until(lambda: stored() > before)


def test_a_worker_that_is_killed_loses_nothing_and_counts_nothing_twice(own_stream: str) -> None:
    with people_at_work() as answered:
        for _ in range(KILLS):
            kill_while_it_stores(own_stream)
            kill_when_it_has_stored(own_stream)
            assert rollups.differences() == []
    call_command("ship_operations", "--once")
    logs = (OperationRecord.objects, ApiRequest.objects)
    assert sorted(key.hex for rows in logs for key in rows.values_list("pk", flat=True)) == sorted(
        one.id for one in answered
    )
    assert kept_uses() == counted_uses(answered)
    assert kept_totals() == counted_totals(answered)
    assert not writer.stream().exists(f"{own_stream}:set-aside")
