"""The operation log keeps OPERATION_LOG_DAYS days before today, and the roll-ups end with it."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from pytest_django import Settings

from activity import partitions, retention, rollups
from activity.counting import RAW
from activity.models import ApiRequest, DailyTotal, DailyUse, OperationRecord
from activity.retention import make_room
from activity.writer import insert
from partnercenter.management.commands import loop
from tests.portal.activity.entries import Done, counted_totals, counted_uses, kept_totals, kept_uses

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 15, tzinfo=UTC)
ON_POSTGRESQL = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no partitions")
OTHERS = uuid.UUID("c0000000-0000-4000-8000-000000000002")
DAY_90 = date(2026, 4, 1)
FIRST_KEPT = Done(datetime(2026, 4, 1, 0, 0, tzinfo=UTC))
LAST_OVER = Done(datetime(2026, 3, 31, 23, 59, 59, 999999, tzinfo=UTC))


def called(one: Done) -> Done:
    return Done(one.at, channel="app+user", application_id="tool", mfa=True)


def stored() -> set[str]:
    return {row.pk.hex for model in (OperationRecord, ApiRequest) for row in model._default_manager.all()}


def assert_that_only(*kept: Done) -> None:
    assert stored() == {one.id for one in kept}
    assert kept_uses() == counted_uses(kept)
    assert kept_totals() == counted_totals(kept)
    assert rollups.differences(NOW) == []


def test_the_ninetieth_day_before_today_stays_and_the_ninety_first_goes(settings: Settings) -> None:
    assert settings.OPERATION_LOG_DAYS == 90
    kept = [FIRST_KEPT, called(FIRST_KEPT), Done(NOW, tenant_id=OTHERS)]
    over = [LAST_OVER, called(LAST_OVER), Done(LAST_OVER.at - timedelta(days=300), tenant_id=OTHERS)]
    insert([one.entry() for one in kept + over])
    assert make_room(NOW).deleted == 3 + 6  # with the roll-ups of three persons and as many totals
    assert_that_only(*kept)


def test_a_shorter_time_is_obeyed(settings: Settings) -> None:
    settings.OPERATION_LOG_DAYS = 0
    today, yesterday = Done(datetime.combine(NOW, time.min, UTC)), Done(NOW - timedelta(days=1))
    insert([today.entry(), yesterday.entry()])
    make_room(NOW)
    assert_that_only(today)


def test_what_is_over_is_deleted_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_BATCH", 2)
    insert([Done(LAST_OVER.at).entry() for _ in range(5)])
    assert make_room(NOW).deleted == 5 + 2
    assert_that_only()


def test_what_comes_in_meanwhile_goes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its roll-ups nobody would look for it."""
    rows = [LAST_OVER.entry(), Done(LAST_OVER.at).entry()]
    insert(rows[:1])
    at_last = retention._delete_rollups

    def late(tenant_id: uuid.UUID, first: date) -> int:
        insert(rows[1:])
        return at_last(tenant_id, first)

    monkeypatch.setattr(retention, "_delete_rollups", late)
    make_room(NOW)
    assert_that_only()


def test_doing_it_again_changes_nothing() -> None:
    insert([FIRST_KEPT.entry()])
    make_room(NOW)
    assert make_room(NOW) == retention.Room(created=0, dropped=0, deleted=0)
    assert_that_only(FIRST_KEPT)


def test_operators_do_it_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    over = Done(datetime.now(UTC) - timedelta(days=91))
    insert([over.entry()])
    call_command("make_room")
    assert "3 rows deleted" in capsys.readouterr().out
    assert stored() == set()


def test_the_portals_loop_does_it_every_hour() -> None:
    (duty,) = (duty for duty in loop.Command.duties if duty.act is make_room)
    assert duty.every == 3600  # seconds


@ON_POSTGRESQL
def test_today_and_the_next_seven_days_have_a_partition() -> None:
    assert make_room(NOW).created == 16
    for table in RAW:
        assert partitions.days(table) == {date(2026, 6, 30), *(date(2026, 7, day) for day in range(1, 8))}


@ON_POSTGRESQL
def test_the_partition_of_a_day_ends_as_a_whole() -> None:
    for table in RAW:
        for day in (DAY_90, DAY_90 - timedelta(days=1)):
            partitions.create(table, day)
    kept, over = [FIRST_KEPT, called(FIRST_KEPT)], [LAST_OVER, called(LAST_OVER)]
    insert([one.entry() for one in kept + over])
    room = make_room(NOW)
    assert (room.dropped, room.deleted) == (2, 4)  # roll-ups alone were deleted one by one
    assert DAY_90 in partitions.days("activity_apirequest")
    assert_that_only(*kept)


@ON_POSTGRESQL
def test_a_partition_that_cannot_be_made_keeps_nothing_from_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(table: str, day: date) -> int:
        raise OperationalError

    for table in RAW:
        partitions.create(table, DAY_90 - timedelta(days=1))
    monkeypatch.setattr(partitions, "create", fail)
    insert([one.entry() for one in (FIRST_KEPT, LAST_OVER, Done(LAST_OVER.at - timedelta(days=300)))])
    with pytest.raises(ExceptionGroup, match="16 failed"):
        make_room(NOW)
    assert partitions.days("activity_operationrecord") == set()
    assert_that_only(FIRST_KEPT)


@ON_POSTGRESQL
def test_rows_that_came_before_their_partition_are_moved_into_it_and_counted_once() -> None:
    first, last = datetime(2026, 6, 30, tzinfo=UTC), datetime(2026, 6, 30, 23, 59, 59, 999999, tzinfo=UTC)
    inside = [Done(first), Done(last), called(Done(last))]
    outside = [Done(first - timedelta(microseconds=1)), Done(last + timedelta(days=8))]
    next_day = Done(last + timedelta(microseconds=1))
    insert([one.entry() for one in [*inside, next_day, *outside]])
    make_room(NOW)
    assert in_partition("activity_operationrecord_20260630") == {one.id for one in inside[:2]}
    assert in_partition("activity_apirequest_20260630") == {inside[2].id}
    assert in_partition("activity_operationrecord_20260701") == {next_day.id}
    assert in_partition("activity_operationrecord_default") == {one.id for one in outside}
    assert_that_only(*inside, next_day, *outside)
    insert([one.entry() for one in [*inside, next_day]])  # shipped once more
    assert_that_only(*inside, next_day, *outside)


@ON_POSTGRESQL
def test_a_row_of_any_day_is_stored() -> None:
    make_room(NOW)
    insert([Done(datetime(year, 1, 1, tzinfo=UTC)).entry() for year in (1971, 2026, 2999)])
    assert DailyTotal.objects.count() == DailyUse.objects.count() == 3


def in_partition(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM activity_operationrecord WHERE tableoid = %(table)s::regclass"
            " UNION SELECT id FROM activity_apirequest WHERE tableoid = %(table)s::regclass",
            {"table": table},
        )
        return {key.hex for (key,) in cursor}
