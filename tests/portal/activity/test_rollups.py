"""The daily roll-ups are what the log comes to, however its rows came in."""

import threading
import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from activity import rollups
from activity.models import ApiRequest, Channel, DailyTotal, DailyUse, OperationRecord
from activity.writer import insert, write
from tests.portal.activity.entries import (
    CONTOSO,
    Done,
    Kept,
    counted_totals,
    counted_uses,
    kept_totals,
    kept_uses,
)

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("Q10")]
NOW = datetime.now(UTC)
NOON = NOW.replace(hour=12, minute=0, second=0, microsecond=0)
MIDNIGHT = NOON.replace(hour=0)
WINGTIP = uuid.UUID("c0000000-0000-4000-8000-000000000002")

IN_NO_ORDER = [
    Done(NOON, user_name="b", mfa=True),
    Done(NOON, user_name="a"),
    Done(NOON, user_name="\U0001f600", mfa=True),
    Done(NOON, user_name="é", mfa=True),
    Done(NOON, user_name="B"),
    Done(MIDNIGHT, user_name="z"),
    Done(MIDNIGHT, user_name="z", mfa=True),
]
"""What one person did, told neither by time nor by name."""
moments = st.sampled_from(
    [
        MIDNIGHT,
        MIDNIGHT - timedelta(microseconds=1),
        MIDNIGHT + timedelta(microseconds=1),
        NOON,
        NOON.astimezone(timezone(timedelta(hours=14))),
        MIDNIGHT - timedelta(days=6),
        MIDNIGHT - timedelta(days=7, hours=-23),
    ]
)
who = {
    "at": moments,
    "tenant_id": st.sampled_from([CONTOSO, WINGTIP]),
    "user_name": st.sampled_from(["a@contoso.example", "B@contoso.example", "é@contoso.example", "\U0001f600"]),
    "mfa": st.booleans(),
    "id": st.uuids().map(lambda key: key.hex),
}
users, applications = st.sampled_from(["jane", "john", "Jane"]), st.sampled_from(["tool", "shop"])
done = st.one_of(
    st.builds(Done, channel=st.just("portal"), user_id=users, **who),
    st.builds(Done, channel=st.just("app+user"), user_id=users, application_id=applications, **who),
    st.builds(Done, channel=st.just("app-only"), user_id=st.just(""), application_id=applications, **who),
)


@st.composite
def ways_in(draw: st.DrawFn) -> list[list[Done]]:
    """Batches in the order in which they come in. A row comes as often as it likes, also twice in a batch."""
    pool = draw(st.lists(done, min_size=1, max_size=12, unique_by=lambda one: one.id))
    return draw(st.lists(st.lists(st.sampled_from(pool), min_size=1, max_size=8), min_size=1, max_size=8))


def come_in(batches: list[list[Done]]) -> None:
    """A batch of one as web processes write it, others as the shipper does."""
    for batch in batches:
        if len(batch) == 1:
            write(batch[0].entry())
        else:
            insert([one.entry() for one in batch])


def test_the_rollups_are_what_the_rows_come_to(settings: Settings) -> None:
    settings.REDIS_URL = ""

    @hypothesis(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(ways_in())
    @example([[Done(MIDNIGHT)], [Done(MIDNIGHT - timedelta(microseconds=1))]])
    @example([[one] for one in IN_NO_ORDER])
    @example([[Done(NOON, user_id="john"), one] for one in IN_NO_ORDER])
    @example([IN_NO_ORDER])
    def agree(batches: list[list[Done]]) -> None:
        for model in (OperationRecord, ApiRequest, DailyUse, DailyTotal):
            model._default_manager.all().delete()
        come_in(batches)
        stored = {one.id: one for batch in batches for one in batch}.values()
        assert kept_uses() == counted_uses(stored)
        assert kept_totals() == counted_totals(stored)
        assert rollups.differences() == []
        rollups.rebuild()
        assert kept_uses() == counted_uses(stored)
        assert kept_totals() == counted_totals(stored)

    agree()


def test_the_day_of_an_operation_is_its_utc_day(settings: Settings) -> None:
    settings.REDIS_URL = ""
    write(Done(datetime(2026, 3, 10, 1, 30, tzinfo=timezone(timedelta(hours=9)))).entry())
    assert DailyTotal.objects.get().day == date(2026, 3, 9)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no time zone")
def test_the_day_is_the_utc_day_also_for_who_asks_in_another_time_zone() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'Asia/Tokyo'")
        insert([Done(datetime(2026, 3, 9, 16, tzinfo=UTC)).entry()])
        assert DailyTotal.objects.get().day == date(2026, 3, 9)
        rollups.rebuild()
        assert DailyTotal.objects.get().day == date(2026, 3, 9)


def test_a_call_of_an_application_by_itself_is_counted_apart(settings: Settings) -> None:
    settings.REDIS_URL = ""
    write(Done(NOON, channel="app-only", application_id="tool", user_id="", user_name="", mfa=True).entry())
    row = DailyUse.objects.get()
    assert (row.channel, row.user_id, row.operations, row.with_mfa) == (Channel.APP_ONLY, "", 1, 1)


def test_a_row_that_is_there_already_is_not_counted_again() -> None:
    jane = Done(NOON)
    insert([jane.entry(), jane.entry()])
    insert([jane.entry(), Done(NOON).entry()])
    assert DailyTotal.objects.get().operations == 2
    rows = [OperationRecord(id=uuid.UUID(jane.id), at=NOON, tenant_id=CONTOSO, mfa=False)]
    OperationRecord.objects.bulk_create(rows, ignore_conflicts=True)
    assert DailyTotal.objects.get().operations == 2


def test_rows_and_rollups_are_kept_or_lost_together() -> None:
    with transaction.atomic():
        insert([Done(NOON).entry(), Done(NOON, channel="app+user", application_id="tool").entry()])
        transaction.set_rollback(True)
    assert not DailyUse.objects.exists()
    assert not DailyTotal.objects.exists()


def test_the_figures_of_the_status_page_are_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    insert([Done(NOW - timedelta(days=day), mfa=day < 2).entry() for day in range(9)])
    with django_assert_num_queries(1):
        found = rollups.shares(CONTOSO, now=NOW)
    assert (found[Channel.PORTAL].operations, found[Channel.PORTAL].with_mfa) == (7, 2)


BOTH, HALF_A_SECOND = (Channel.PORTAL, Channel.APP_AND_USER), timedelta(seconds=0.5)


@pytest.mark.parametrize(
    ("operations", "name"),
    [
        ([Done(NOON - timedelta(days=1), user_name="zoe"), Done(NOON, user_name="ann")], "ann"),
        ([Done(NOON, user_name="ann"), Done(NOON - timedelta(days=1), user_name="zoe")], "ann"),
        ([Done(NOON - timedelta(days=1), user_name="zoe"), Done(NOON, user_name="ann", mfa=True)], "zoe"),
        ([Done(NOON, user_name="zoe"), Done(NOON + HALF_A_SECOND, "app+user", user_name="ann")], "ann"),
        ([Done(NOON, user_name="Zoe"), Done(NOON, "app+user", user_name="ann")], "ann"),
        ([Done(NOON, user_name="zoe"), Done(NOON, "app+user", user_name="éva")], "éva"),
        ([Done(NOON - timedelta(days=7), user_name="ann"), Done(NOON, user_name="")], ""),
    ],
)
def test_who_was_renamed_has_the_name_of_the_newest_day_without_mfa(operations: list[Done], name: str) -> None:
    insert([one.entry() for one in operations])
    (found,) = rollups.people_without_mfa(CONTOSO, channels=BOTH, now=NOW)
    assert found["name"] == name


def test_a_moment_without_a_fraction_is_in_its_place() -> None:
    """SQLite keeps none where there is none in what the ORM stores."""
    for number, (at, name) in enumerate([(NOON, "zoe"), (NOON + HALF_A_SECOND, "ann")]):
        DailyUse.objects.create(
            tenant_id=CONTOSO, day=NOON.date() - timedelta(days=number), channel="portal", application_id="",
            user_id="jane", user_name=name, operations=1, with_mfa=0, last_at=at, last_without_mfa_at=at,
        )  # fmt: skip
    for found in (
        rollups.people_without_mfa(CONTOSO, channels=BOTH, now=NOW).get(),
        rollups.uses_without_mfa(CONTOSO, now=NOW).get(),
    ):
        assert found["name"] == "ann"


@pytest.fixture
def spoilt() -> Kept:
    """Roll-ups of which one row was lowered, one deleted and one invented; what they should be."""
    operations = [Done(NOON, user_id=name, mfa=True) for name in ("jane", "jane", "john")]
    insert([one.entry() for one in operations])
    DailyUse.objects.filter(user_id="jane").update(operations=1)
    DailyUse.objects.filter(user_id="john").delete()
    DailyTotal.objects.create(tenant_id=WINGTIP, day=NOON.date(), channel="portal", operations=5, with_mfa=5)
    return counted_uses(operations)


def test_what_differs_is_told(spoilt: Kept) -> None:
    jane, john, invented = rollups.differences()
    assert jane.logged is not None
    assert jane.kept is not None
    assert (jane.key["user_id"], jane.logged["operations"], jane.kept["operations"]) == ("jane", 2, 1)
    assert (john.key["user_id"], john.kept) == ("john", None)
    assert (invented.table, invented.logged) == ("activity_dailytotal", None)


def test_a_check_by_command_fails_until_the_log_is_counted_anew(
    spoilt: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="3 roll-up rows differ"):
        call_command("check_rollups")
    assert "user_id jane" in capsys.readouterr().out
    call_command("check_rollups", "--rebuild")
    assert kept_uses() == spoilt
    call_command("check_rollups")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer; the overlap cannot happen")
def test_a_writer_waits_until_all_is_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    counted, writers = rollups._counted, []

    def write_beside(*asked: str) -> str:
        if not writers:
            writers.append(threading.Thread(target=lambda: [insert([Done(NOON).entry()]), connections.close_all()]))
            writers[0].start()
            writers[0].join(0.5)
        return counted(*asked)

    monkeypatch.setattr(rollups, "_counted", write_beside)
    rollups.rebuild()
    writers[0].join(10)
    assert DailyUse.objects.get().operations == DailyTotal.objects.get().operations == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer; the overlap cannot happen")
def test_writers_that_meet_the_same_rows_in_opposite_order_neither_block_nor_miscount() -> None:
    people = [f"person {number}" for number in range(200)]
    failures: list[BaseException] = []

    def batch() -> list[Any]:
        in_the_portal = [Done(NOON, user_id=name).entry() for name in people]
        return in_the_portal + [
            Done(NOON, channel="app+user", application_id="tool", user_id=name).entry() for name in people
        ]

    shared, together = [batch() for _ in range(5)], threading.Barrier(4)

    def ship(backwards: bool) -> None:
        try:
            for one in shared:
                for entries in (one, batch()):
                    together.wait(30)
                    insert(reversed(entries) if backwards else entries)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ship, args=[number % 2 == 1]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {row.operations for row in DailyUse.objects.all()} == {25}  # five that all ship, five of each of four
    assert DailyUse.objects.count() == 400
    assert sorted(DailyTotal.objects.values_list("operations", flat=True)) == [5000, 5000]
