"""Partitions are made and dropped beside people who write (PostgreSQL)."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import OperationalError, connection, connections, transaction

from activity import partitions
from activity.models import DailyTotal, OperationRecord
from activity.writer import insert
from tests.portal.activity.entries import Done

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no partitions"),
]
TABLE, DAY = "activity_operationrecord", date(2026, 6, 30)
NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_partition_stays() -> Iterator[None]:
    yield
    partitions.drop(TABLE, DAY)


def beside(act: Callable[[], object]) -> tuple[threading.Thread, list[BaseException]]:
    """Somebody else, with a connection of their own."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, failures


def test_no_insert_fails_while_the_partition_of_its_day_is_made() -> None:
    made = threading.Event()
    written = [0] * 4

    def write(number: int) -> None:
        after = 0
        while after < 5:
            insert([Done(NOON, user_id=f"person {number}").entry()])
            written[number] += 1
            after += made.is_set()

    writers = [beside(lambda number=number: write(number)) for number in range(4)]  # type: ignore[misc]
    while min(written) < 5:
        time.sleep(0.001)
    partitions.create(TABLE, DAY)
    made.set()
    for thread, _failures in writers:
        thread.join()
    assert [failures for _thread, failures in writers] == [[]] * 4
    assert DailyTotal.objects.get().operations == OperationRecord.objects.count() == sum(written)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM activity_operationrecord_default")
        assert cursor.fetchone() == (0,)


def test_two_at_once_make_one_partition() -> None:
    makers = [beside(lambda: partitions.create(TABLE, DAY)) for _ in range(4)]
    for thread, _failures in makers:
        thread.join()
    assert [failures for _thread, failures in makers] == [[]] * 4
    assert partitions.days(TABLE) == {DAY}


def test_somebody_who_holds_the_table_is_not_waited_for() -> None:
    held, done = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            insert([Done(NOON).entry()])
            held.set()
            done.wait(10)

    thread, failures = beside(write)
    held.wait(10)
    with pytest.raises(OperationalError, match="lock timeout"):
        partitions.create(TABLE, DAY)
    done.set()
    thread.join()
    assert failures == []
    assert partitions.create(TABLE, DAY) == 1
    assert OperationRecord.objects.count() == 1


def test_somebody_who_vacuums_another_day_is_not_in_the_way() -> None:
    other, held, done = date(2026, 6, 29), threading.Event(), threading.Event()
    partitions.create(TABLE, other)

    def vacuum() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {TABLE}_20260629 IN SHARE UPDATE EXCLUSIVE MODE")  # as VACUUM and ANALYZE do
            held.set()
            done.wait(10)

    thread, failures = beside(vacuum)
    held.wait(10)
    try:
        assert partitions.create(TABLE, DAY) == 1
    finally:
        done.set()
        thread.join()
        partitions.drop(TABLE, other)
    assert failures == []
