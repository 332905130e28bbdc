"""The chain's digests: over every field of a record, spelled the same whichever database it comes from."""

import hmac
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from activity.chain import FIELDS, START, Head, canonical, chain_keys, following
from activity.models import AuditRecord
from activity.sealing import seal_due
from activity.stored import records
from tests.portal.activity.chaining import TENANT, head

SPELLED = (
    '{"action":"invoice.paid","actor":"john","at":"2026-03-10T12:00:00.000000Z",'
    r'"detail":"{\"by\":\"card\",\"large\":10000000000000000,\"note\":\"\\u00e9\",\"small\":1e-07}",'
    '"id":7,"request_id":"r-1","sequence":1,"subject":"G1","tenant_id":"c0000000000040008000000000000001"}'
)


@pytest.fixture
def stored(db: None) -> AuditRecord:
    return AuditRecord.objects.create(
        id=7,
        at=datetime(2026, 3, 10, 12, tzinfo=UTC),
        action="invoice.paid",
        actor="john",
        tenant_id=TENANT,
        subject="G1",
        detail={"small": 1e-7, "note": "é", "large": 1e16, "by": "card"},
        request_id="r-1",
    )


def spelled(**values: Any) -> bytes:
    record = {"id": 7, "at": "2026-03-10 12:00:00", "action": "a", "actor": "j", "tenant_id": None, "subject": "s"}
    return canonical(1, list({**record, "detail": "{}", "request_id": "", **values}.values()))


def test_a_stored_record_has_one_spelling_on_sqlite_and_postgresql(stored: AuditRecord) -> None:
    (row,) = records()
    assert canonical(1, row).decode() == SPELLED


def test_a_digest_is_keyed_and_over_the_digest_before_and_the_record(stored: AuditRecord) -> None:
    seal_due()
    expected = hmac.new(chain_keys()[0], ("0" * 64 + SPELLED).encode(), "sha256").hexdigest()
    assert head() == f"1:{expected}"


def test_a_record_of_no_tenant_says_so() -> None:
    assert b'"tenant_id":null' in spelled(tenant_id=None)


def test_every_field_of_a_record_is_sealed() -> None:
    assert set(FIELDS) == {field.column for field in AuditRecord._meta.get_fields() if field.concrete}


@pytest.mark.parametrize(
    ("stored", "otherwise"),
    [
        ({"detail": "{ }"}, {"detail": "{}"}),
        ({"detail": '{"n": 1e3}'}, {"detail": '{"n": 1000}'}),
        ({"detail": '{"n": 2.50}'}, {"detail": '{"n": 2.5}'}),
        ({"detail": '{"a": 1, "b": 2}'}, {"detail": '{"b":2,"a":1}'}),
        ({"detail": '"\\u00e9"'}, {"detail": '"é"'}),
        ({"at": "2026-03-10 12:00:00"}, {"at": "2026-03-10 12:00:00.000000"}),
        ({"at": "2026-03-10 12:00:00.5"}, {"at": "2026-03-10 12:00:00.500000"}),
        ({"tenant_id": UUID(int=1)}, {"tenant_id": f"{1:032x}"}),
    ],
)
def test_either_way_of_storing_a_value_is_spelled_alike(stored: dict[str, Any], otherwise: dict[str, Any]) -> None:
    assert spelled(**stored) == spelled(**otherwise)


@pytest.mark.parametrize(
    ("stored", "otherwise"),
    [
        ({"detail": '{"n": 1}'}, {"detail": '{"n": "1"}'}),
        ({"detail": '{"n": 1}'}, {"detail": '{"n": true}'}),
        ({"detail": '{"n": 1, "n": 2}'}, {"detail": '{"n": 2}'}),
        ({"detail": '"x'}, {"detail": r'"\"x"'}),
        ({"detail": "null"}, {"detail": None}),
        ({"detail": '{"n": 1e999}'}, {"detail": '{"n": 2e999}'}),
        ({"at": "2026-03-10 12:00:00"}, {"at": "2026-03-10 12:00:00.000001"}),
        ({"at": "2026-03-10 12:00:00.5"}, {"at": "2026-03-10 12:00:00.05"}),
        ({"tenant_id": "ab" * 16}, {"tenant_id": "AB" * 16}),
        ({"tenant_id": None}, {"tenant_id": ""}),
        ({"at": "2026-03-10 12:00:00"}, {"at": "2026-03-10T12:00:00.000000Z"}),
        ({"at": "2026-03-10 12:00:00"}, {"at": "2026-03-10 12:00:00 BC"}),
        ({"actor": "j", "subject": "ss"}, {"actor": "js", "subject": "s"}),
        ({"actor": "j"}, {"actor": b"j"}),
    ],
)
def test_what_a_reader_could_take_for_something_else_is_not(stored: dict[str, Any], otherwise: dict[str, Any]) -> None:
    assert spelled(**stored) != spelled(**otherwise)


@pytest.mark.parametrize(
    "garbage",
    [{"at": "infinity"}, {"at": None}, {"detail": "[" * 100_000}, {"detail": "NaN"}, {"detail": "1e999"}, {"id": "x"}],
)
def test_no_value_keeps_a_record_from_being_spelled(garbage: dict[str, Any]) -> None:
    assert spelled(**garbage) != spelled()


def test_another_key_makes_another_digest() -> None:
    record = [7, "2026-03-10 12:00:00", "a", "j", None, "s", "{}", ""]
    assert following(START, record, b"k" * 32) != following(START, record, b"l" * 32)


def test_a_head_is_read_as_it_is_printed() -> None:
    assert Head.parsed(f"12:{'ab' * 32}") == Head(12, "ab" * 32)
    assert str(Head(12, "ab" * 32)) == f"12:{'ab' * 32}"


@pytest.mark.parametrize(
    "text", ["", "12", "12:ab", f"-1:{'a' * 64}", f"1:{'A' * 64}", f"01:{'a' * 64}", f"1:{'a' * 65}"]
)
def test_anything_else_is_no_head(text: str) -> None:
    with pytest.raises(ValueError, match="is not SEQUENCE:DIGEST"):
        Head.parsed(text)
