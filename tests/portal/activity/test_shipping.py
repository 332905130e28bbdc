"""The worker that brings operations from Redis to the database loses none and counts none twice, whatever happens."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from threading import local
from typing import Any, Self

import pytest
import redis
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError, connection
from pytest_django import DjangoAssertNumQueries, Settings

from activity import writer
from activity.management.commands import ship_operations
from activity.management.commands.ship_operations import ship
from activity.models import ApiRequest, DailyTotal, OperationRecord
from activity.operation import Entry
from tests.portal.activity.entries import Done, counted_totals, counted_uses, kept_totals, kept_uses
from tests.portal.activity.stream import Stream

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("Q10")]
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def in_the_portal() -> Done:
    return Done(NOON, mfa=True)


def called() -> Done:
    return Done(NOON, channel="app+user", application_id="tool")


def test_a_batch_that_is_shipped_twice_is_stored_and_counted_once(stream: Stream) -> None:
    some = [in_the_portal(), called(), in_the_portal()]
    for one in some:
        writer.write(one.entry())
    kept = dict(stream.log)
    ship()
    stream.log.update(kept)  # the worker died after storing, before deleting
    writer.write((later := called()).entry())
    ship()
    assert OperationRecord.objects.count() == ApiRequest.objects.count() == 2
    assert kept_uses() == counted_uses([*some, later])
    assert kept_totals() == counted_totals([*some, later])
    assert stream.log == {}


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite counts row by row; sites with Redis do not use it"
)
def test_a_batch_is_one_statement_a_table(stream: Stream, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(500):
        writer.write(in_the_portal().entry())
        writer.write(called().entry())
    with django_assert_num_queries(4):  # with the two of the transaction
        assert ship() == 1000
    assert sorted(DailyTotal.objects.values_list("operations", "with_mfa")) == [(500, 0), (500, 500)]


def spoil(**changes: str) -> Callable[[Entry], Entry]:
    return lambda entry: {**entry, **changes}


def without(name: str) -> Callable[[Entry], Entry]:
    return lambda entry: {key: value for key, value in entry.items() if key != name}


MALFORMED = {
    "of an older version, without a column": without("mfa"),
    "of no channel": without("channel"),
    "of a channel that is unknown": spoil(channel="telephone"),
    "of no time": spoil(at="yesterday"),
    "of a time that no calendar has": spoil(at="1e300"),
    "of a time that no clock tells": spoil(at="1e17"),
    "without any field": lambda entry: {"nothing": ""},
}
TOO_MUCH = {
    "with a key that is none": spoil(id="17"),
    "with a name that does not fit": spoil(user_name="x" * 256),
    "with a character that is not stored": spoil(path="/\x00"),
    "with half a character": spoil(path="/\ud800"),
}


@pytest.mark.parametrize("poison", [pytest.param(spoiling, id=name) for name, spoiling in MALFORMED.items()])
def test_an_entry_that_cannot_be_stored_is_set_aside_and_the_others_go_on(
    poison: Callable[[Entry], Entry], stream: Stream, caplog: pytest.LogCaptureFixture
) -> None:
    assert_set_aside(poison, stream, caplog)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite stores them")
@pytest.mark.parametrize("poison", [pytest.param(spoiling, id=name) for name, spoiling in TOO_MUCH.items()])
def test_an_entry_that_the_database_refuses_is_set_aside_and_the_others_go_on(
    poison: Callable[[Entry], Entry], stream: Stream, caplog: pytest.LogCaptureFixture
) -> None:
    assert_set_aside(poison, stream, caplog)


def assert_set_aside(poison: Callable[[Entry], Entry], stream: Stream, caplog: pytest.LogCaptureFixture) -> None:
    before, after = in_the_portal(), called()
    spoilt = poison(Done(NOON, user_name="secretly@contoso.example").entry())
    for entry in (before.entry(), spoilt, after.entry()):
        writer.write(entry)
    call_command("ship_operations", "--once")
    assert kept_uses() == counted_uses([before, after])
    assert stream.log == {}
    (kept,) = stream.set_aside
    assert kept.pop("set-aside")
    assert kept == spoilt
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "is set aside" in record.getMessage()
    assert "secretly" not in caplog.text


def test_what_was_set_aside_is_shipped_again_when_asked_to(stream: Stream) -> None:
    known, unknown = Done(NOON), Done(NOON)
    for entry in ({**known.entry(), "channel": "later"}, {**unknown.entry(), "channel": "telephone"}):
        writer.write(entry)
    call_command("ship_operations", "--once")
    for fields in stream.set_aside:
        fields["channel"] = fields["channel"].replace("later", "portal")  # as a later version would know it
    call_command("ship_operations", "--once")
    assert not OperationRecord.objects.exists()
    call_command("ship_operations", "--once", "--again")
    assert kept_uses() == counted_uses([known])
    assert [fields["channel"] for fields in stream.set_aside] == ["telephone"]
    assert stream.log == {}


@pytest.mark.parametrize("stopped", [True, False])
def test_operators_are_told_what_waits_and_what_is_set_aside(
    stopped: bool, stream: Stream, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for entry in (spoil(channel="telephone")(in_the_portal().entry()), in_the_portal().entry()):
        writer.write(entry)
    call_command("ship_operations", "--once")
    if stopped:
        stream._last = int(NOON.timestamp() * 1000)
        for _ in range(3):
            writer.write(in_the_portal().entry())
    monkeypatch.setattr(ship_operations, "datetime", Clock)
    call_command("ship_operations", "--status")
    waiting, until = (3, "2026-03-10T12:00:00Z") if stopped else (0, "2026-03-11T12:00:00Z")
    assert capsys.readouterr().out == f"Waiting: {waiting}\nSet aside: 1\nStored until: {until}\n"
    assert len(stream.log) == waiting


class Clock(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2026, 3, 11, 12, tzinfo=tz)


def test_a_redis_that_does_not_answer_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1"
    monkeypatch.setattr(writer, "_threads", local())
    with pytest.raises(CommandError, match=r"Redis does not answer\."):
        call_command("ship_operations", "--status")


@pytest.mark.skipif(not settings.REDIS_URL, reason="needs Redis (scripts.stores)")
def test_bytes_that_are_no_text_keep_no_other_entry_waiting(own_stream: str) -> None:
    writer.stream().xadd(own_stream, {b"channel": b"portal", b"user_name": b"\xff"})
    writer.write((one := in_the_portal()).entry())
    call_command("ship_operations", "--once")
    assert kept_totals() == counted_totals([one])
    assert writer.stream().xlen(f"{own_stream}:set-aside") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("failure", [OperationalError, InterfaceError, redis.ConnectionError])
def test_while_a_store_does_not_answer_everything_waits(
    failure: type[Exception], stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(entries: Any) -> None:
        raise failure

    writer.write((one := in_the_portal()).entry())
    with monkeypatch.context() as away:
        away.setattr(ship_operations, "insert", fail)
        call_command("ship_operations", "--once")
    assert len(stream.log) == 1
    assert stream.set_aside == []
    call_command("ship_operations", "--once")
    assert kept_totals() == counted_totals([one])


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is a file")
def test_a_connection_that_was_cut_is_opened_again(stream: Stream) -> None:
    writer.write((one := in_the_portal()).entry())
    connection.ensure_connection()
    connection.connection.close()
    call_command("ship_operations", "--once")
    assert len(stream.log) == 1
    call_command("ship_operations", "--once")
    assert kept_totals() == counted_totals([one])


def test_once_ships_all_that_waits_however_many_batches(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ship_operations, "BATCH", 2)
    for _ in range(5):
        writer.write(in_the_portal().entry())
    call_command("ship_operations", "--once")
    assert (stream.log, OperationRecord.objects.count()) == ({}, 5)


def test_the_worker_goes_on_when_nothing_waits(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(ship_operations.time, "sleep", pause)
    with pytest.raises(KeyboardInterrupt):
        call_command("ship_operations")
