"""`manage.py verify_audit`: who writes the database without the key is found out, at the first record that is wrong."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from activity import sealing, stored
from activity.chain import START, following
from activity.management.commands import verify_audit
from activity.models import AuditSeal
from activity.sealing import seal_due, seal_late
from activity.stored import records
from tests.portal.activity.chaining import head, record_as, thief, verified

CHANGED = "Record 103 (seal 3) was changed, or its seal was not made with a key in SECRETSTORE_KEYS."
RECORD, SEAL = "UPDATE activity_auditrecord SET", "UPDATE activity_auditseal SET"


@pytest.fixture(autouse=True)
def _log(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records 101 to 105 with seals 1 to 5."""
    monkeypatch.setattr(verify_audit, "_PAUSE", 0)
    monkeypatch.setattr(sealing, "_PAUSE", 0)
    for number in range(101, 106):
        record_as(number, f"G{number}")
    seal_due()


def broken(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        verified(*arguments)
    assert caught.value.returncode == 1
    return str(caught.value)


def test_an_untouched_log_is_counted_and_its_head_told() -> None:
    record_as(106, "waits")
    assert verified() == ["Sealed: 5", "Waiting: 1", f"Head: {head()}"]


@pytest.mark.parametrize(
    "change",
    [
        "at = '2026-03-10 12:00:00.000001'",
        "action = 'invoice.issued'",
        "actor = 'olga'",
        "tenant_id = 'd0000000000040008000000000000001'",
        "tenant_id = NULL",
        "subject = 'G103 '",
        """detail = '{"by": "cash"}'""",
        """detail = '{"by": "card", "to": null}'""",
        "request_id = ''",
    ],
)
def test_each_field_that_was_changed_is_seen(change: str) -> None:
    with thief() as database:
        database.execute(f"{RECORD} {change} WHERE id = 103")
        assert broken() == CHANGED


def test_a_record_that_was_given_another_id_is_missing_or_changed() -> None:
    with thief() as database:
        database.execute(f"{RECORD} id = 99 WHERE id = 103")
        assert broken() == "Record 103 (seal 3) is missing."
        database.execute(f"{SEAL} record_id = 99 WHERE record_id = 103")
        assert broken() == CHANGED.replace("103", "99")


def test_a_record_that_was_deleted_is_missing() -> None:
    with thief() as database:
        database.execute("DELETE FROM activity_auditrecord WHERE id = 103")
        assert broken() == "Record 103 (seal 3) is missing."


def test_a_record_that_was_deleted_with_its_seal_leaves_a_gap() -> None:
    with thief() as database:
        database.execute("DELETE FROM activity_auditseal WHERE sequence = 3")
        database.execute("DELETE FROM activity_auditrecord WHERE id = 103")
        assert broken() == "Seal 3 is missing; where it should be is seal 4, of record 104."


def test_a_gap_that_was_closed_by_new_numbers_is_seen() -> None:
    with thief() as database:
        database.execute("DELETE FROM activity_auditseal WHERE sequence = 3")
        database.execute("DELETE FROM activity_auditrecord WHERE id = 103")
        database.execute(f"{SEAL} sequence = 3 WHERE sequence = 4")
        database.execute(f"{SEAL} sequence = 4 WHERE sequence = 5")
        assert broken() == CHANGED.replace("103", "104")


def test_two_records_that_were_swapped_are_seen() -> None:
    with thief() as database:
        for old, new in ((103, 1), (104, 103), (1, 104)):
            database.execute(f"{RECORD} id = {new} WHERE id = {old}")
        assert broken() == CHANGED


def test_two_seals_that_were_swapped_are_out_of_order() -> None:
    with thief() as database:
        for old, new in ((103, 1), (105, 103), (1, 105)):
            database.execute(f"{SEAL} record_id = {new} WHERE record_id = {old}")
        assert broken() == "Record 105 (seal 3) is out of order: record 103 was sealed there."


@pytest.mark.parametrize("number", [100, -5, -(2**63)])
def test_a_record_that_was_inserted_before_a_sealed_one_is_seen(number: int) -> None:
    record_as(number, "inserted")
    assert broken() == (
        f"Record {number} has no seal though a later one has: it was inserted, or committed late while no loop was"
        " running."
    )
    seal_late()
    assert verified()[:2] == ["Sealed: 6", "Waiting: 0"]


def test_a_record_with_the_greatest_number_hides_no_change() -> None:
    record_as(2**63 - 1, "inserted")
    seal_due()
    with thief() as database:
        database.execute(f"{RECORD} actor = 'olga' WHERE id = 103")
        assert broken() == CHANGED


def test_one_that_was_committed_late_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    record_as(100, "inserted")
    monkeypatch.setattr(verify_audit.time, "sleep", lambda _seconds: seal_due())  # the loop's next turn
    assert verified()[:2] == ["Sealed: 5", "Waiting: 0"]
    assert verified()[0] == "Sealed: 6"


@pytest.mark.parametrize(
    ("sequence", "said"),
    [
        (0, "Seal 1 is missing; where it should be is seal 0, of record 100."),
        (6, "Record 100 (seal 6) was changed, or its seal was not made with a key in SECRETSTORE_KEYS."),
        (7, "Seal 6 is missing; where it should be is seal 7, of record 100."),
    ],
)
def test_a_seal_made_without_the_key_is_seen(sequence: int, said: str) -> None:
    record_as(100, "inserted")
    AuditSeal.objects.create(sequence=sequence, record_id=100, digest="ab" * 32)
    assert broken() == said


@pytest.mark.parametrize("key", [b"", b"a key of the thief's own, for sure"])
def test_a_chain_that_was_made_anew_without_the_key_is_seen_at_its_first_record(key: bytes) -> None:
    with thief() as database:
        database.execute(f"{RECORD} actor = 'olga' WHERE id = 103")
        forged = START
        for one in records():
            forged = following(forged, one, key)
            database.execute(f"{SEAL} digest = %s WHERE sequence = %s", [forged.digest, forged.sequence])
        assert broken().startswith("Record 101 (seal 1) was changed")


def test_a_tail_that_was_cut_off_is_seen_by_who_noted_a_head() -> None:
    noted = head()
    with thief() as database:
        database.execute("DELETE FROM activity_auditseal WHERE sequence > 3")
        database.execute("DELETE FROM activity_auditrecord WHERE id > 103")
        assert verified()[0] == "Sealed: 3"  # nothing inside the database tells
        assert broken("--expect", noted) == "The chain ends with seal 3: it was cut off, 5 had been noted."


def test_a_tail_that_was_cut_off_and_grown_again_is_seen_by_who_noted_a_head() -> None:
    noted = head()
    with thief() as database:
        database.execute("DELETE FROM activity_auditseal WHERE sequence > 4")
        database.execute(f"{RECORD} actor = 'olga' WHERE id = 105")
        seal_due()  # the loop knows no better
        assert verified()[0] == "Sealed: 5"
        assert broken("--expect", noted) == "Seal 5 is not the one noted: the log was rewritten there or before."


def test_a_head_noted_earlier_still_holds_when_the_log_has_grown() -> None:
    noted = head()
    record_as(106, "later")
    seal_due()
    assert verified("--expect", noted)[0] == "Sealed: 6"


@pytest.mark.parametrize("noted", ["5", "5:abc", "latest"])
def test_what_is_no_head_is_refused(noted: str) -> None:
    with pytest.raises(CommandError, match="is not SEQUENCE:DIGEST"):
        verified("--expect", noted)


def test_what_an_older_key_sealed_is_valid_as_long_as_that_key_is_kept(settings: Settings) -> None:
    old = settings.SECRETSTORE_KEYS[0]
    settings.SECRETSTORE_KEYS = ["a newer master key of many characters", old]
    record_as(106, "later")
    seal_due()
    assert verified()[0] == "Sealed: 6"
    settings.SECRETSTORE_KEYS = ["a newer master key of many characters"]
    assert broken().startswith("Record 101 (seal 1) was changed, or its seal was not made with a key")


def test_only_the_newest_key_seals(settings: Settings) -> None:
    old = settings.SECRETSTORE_KEYS[0]
    settings.SECRETSTORE_KEYS = ["a newer master key of many characters", old]
    record_as(106, "later")
    seal_due()
    settings.SECRETSTORE_KEYS = [old]
    assert broken().startswith("Record 106 (seal 6)")


def test_a_long_log_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_audit, "PROGRESS", 2)
    said = StringIO()
    call_command("verify_audit", stdout=StringIO(), stderr=said)
    assert said.getvalue().splitlines() == ["2 of 5", "4 of 5"]


def test_a_log_longer_than_a_batch_is_walked_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "BATCH", 2)
    assert verified()[0] == "Sealed: 5"
