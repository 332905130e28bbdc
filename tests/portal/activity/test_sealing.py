"""Sealing: everything that is committed, once, in the order of ids, whoever else seals and whenever it is killed."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from pytest_django import DjangoAssertNumQueries

from activity import sealing, stored
from activity.models import AuditIsAppendOnly, AuditRecord, AuditSeal
from activity.sealing import seal_due, seal_late
from partnercenter.management.commands import loop
from tests.portal.activity.chaining import record, record_as, verified

OPEN_TRANSACTIONS = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite lets one transaction write at a time"
)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_PAUSE", 0)


def sealed() -> list[str]:
    return list(AuditSeal.objects.order_by("sequence").values_list("record__subject", flat=True))


def beside(act: Callable[[], object]) -> None:
    """Do it in another thread, with a connection of its own, to its end."""

    def acting() -> None:
        try:
            act()
        finally:
            connections.close_all()

    other = threading.Thread(target=acting)
    other.start()
    other.join(10)
    assert not other.is_alive()


def test_one_turn_of_the_loop_seals_what_was_recorded(db: None) -> None:
    record("first")
    record("second")
    call_command("loop", "--once")
    assert sealed() == ["first", "second"]
    assert verified()[:2] == ["Sealed: 2", "Waiting: 0"]


def test_a_log_without_records_is_whole(db: None) -> None:
    nothing = f"0:{'0' * 64}"
    assert verified("--expect", nothing) == ["Sealed: 0", "Waiting: 0", f"Head: {nothing}"]


def test_a_log_that_was_never_sealed_waits(db: None) -> None:
    record("first")
    assert verified()[:2] == ["Sealed: 0", "Waiting: 1"]


def test_the_loop_looks_every_second_and_for_late_ones_every_ten_minutes_beside_its_other_duties() -> None:
    found = {duty.act: (duty.every, duty.apart) for duty in loop.Command.duties}
    assert (found[seal_due], found[seal_late]) == ((1, True), (600, True))


def test_seals_are_numbered_without_gaps_across_turns_and_batches(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "BATCH", 2)
    for turn in range(2):
        for number in range(5):
            record(f"{turn}{number}")
        seal_due()
    assert list(AuditSeal.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 11))
    assert sealed() == ["00", "01", "02", "03", "04", "10", "11", "12", "13", "14"]


def test_a_turn_with_nothing_to_seal_only_looks(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    record("first")
    seal_due()
    with django_assert_num_queries(2):
        seal_due()


def test_a_smaller_id_that_is_committed_late_is_sealed_next(db: None) -> None:
    record_as(20_000, "early")
    seal_due()
    record_as(19_999, "late")
    seal_due()
    assert sealed() == ["early", "late"]
    assert verified()[0] == "Sealed: 2"


def test_one_that_is_very_late_is_found_too(db: None) -> None:
    record_as(20_000, "early")
    seal_due()
    record_as(5, "very late")
    seal_due()
    assert sealed() == ["early"]
    seal_late()
    assert sealed() == ["early", "very late"]


def test_a_turn_that_ends_in_the_middle_has_sealed_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        record(str(number))
    real = sealing.following

    def killed(head: Any, one: Any, key: bytes) -> Any:
        if head.sequence == 2:
            raise KeyboardInterrupt
        return real(head, one, key)

    monkeypatch.setattr(sealing, "following", killed)
    with pytest.raises(KeyboardInterrupt):
        seal_due()
    assert not AuditSeal.objects.exists()
    monkeypatch.setattr(sealing, "following", real)
    seal_due()
    assert sealed() == ["0", "1", "2"]


@OPEN_TRANSACTIONS
@pytest.mark.django_db(transaction=True)
def test_an_open_transaction_keeps_nobody_waiting_and_is_sealed_when_it_ends() -> None:
    with transaction.atomic():
        late = record("late")
        beside(lambda: [record("early"), seal_due()])
    early = AuditRecord.objects.get(subject="early")
    assert late.pk < early.pk
    assert sealed() == ["early"]
    seal_due()
    assert sealed() == ["early", "late"]
    assert verified()[:2] == ["Sealed: 2", "Waiting: 0"]


@OPEN_TRANSACTIONS
@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_seal_each_record_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "BATCH", 3)
    for number in range(60):
        record(f"{number:02}")
    ready, failures = threading.Barrier(4), []

    def seal() -> None:
        try:
            ready.wait(10)
            seal_late()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    sealers = [threading.Thread(target=seal) for _ in range(4)]
    for one in sealers:
        one.start()
    for one in sealers:
        one.join(30)
    assert failures == []
    assert sealed() == [f"{number:02}" for number in range(60)]
    assert verified()[:2] == ["Sealed: 60", "Waiting: 0"]


def test_a_seal_is_neither_changed_nor_deleted_by_query(db: None) -> None:
    record("first")
    seal_due()
    with pytest.raises(AuditIsAppendOnly):
        AuditSeal.objects.update(digest="")
    with pytest.raises(AuditIsAppendOnly):
        AuditSeal.objects.all().delete()


def test_the_database_itself_refuses_to_change_a_seal(db: None) -> None:
    record("first")
    seal_due()
    with connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute("UPDATE activity_auditseal SET digest = ''")
        if connection.vendor == "postgresql":  # SQLite empties the tests' tables row by row
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute("DELETE FROM activity_auditseal")


@pytest.mark.django_db(transaction=True)
def test_a_sealed_record_cannot_be_deleted() -> None:
    record("first")
    seal_due()
    with connection.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("DELETE FROM activity_auditrecord")


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_begins_a_new_chain() -> None:
    record("first")
    seal_due()
    call_command("flush", "--no-input", "--verbosity=0")
    record("second")
    seal_due()
    assert sealed() == ["second"]
    assert verified()[0] == "Sealed: 1"
