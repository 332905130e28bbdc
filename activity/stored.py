"""Audit records and seals as they lie in the database.

They are read without the ORM: it would fail at a value that only a forger can have put there, and take some for equal
that the database does not.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from activity.chain import FIELDS

BATCH = 1000
LOWEST, HIGHEST = -(2**63), 2**63 - 1
"""The numbers a column takes: a forger's may be either."""
_AT = {"sqlite": "CAST(r.at AS TEXT)", "postgresql": "CAST(r.at AT TIME ZONE 'UTC' AS TEXT)"}
_UNSEALED = "activity_auditrecord r LEFT JOIN activity_auditseal s ON s.record_id = r.id WHERE s.record_id IS NULL"
Row = tuple[Any, ...]


def records() -> Iterator[Row]:
    """Every record, its FIELDS, in the order of ids; in batches, as all the following."""
    start = LOWEST
    query = f"{_record()} FROM activity_auditrecord r WHERE r.id >= %s ORDER BY r.id"
    while start <= HIGHEST and (rows := _rows(query, start)):
        yield from rows
        start = rows[-1][0] + 1


def sealed() -> Iterator[tuple[Any, str, int, Row | None]]:
    """Every seal in the order of sequences: sequence, digest, record's id, and the FIELDS of the record if it is there.

    Stop at the first sequence that is not the next one: those after it may be no numbers.
    """
    start = LOWEST
    seals = "activity_auditseal s LEFT JOIN activity_auditrecord r ON r.id = s.record_id"
    query = f"{_record()}, s.sequence, s.digest, s.record_id FROM {seals} WHERE s.sequence >= %s ORDER BY s.sequence"
    while rows := _rows(query, start):
        for *record, sequence, digest, record_id in rows:
            yield sequence, digest, record_id, None if record[0] is None else tuple(record)
        start = rows[-1][-3] + 1


def unsealed(*, since: int = LOWEST, most: int | None = None) -> list[Row]:
    """The first records from this id on that have no seal, their FIELDS, in the order of ids."""
    return _rows(f"{_record()} FROM {_UNSEALED} AND r.id >= %s ORDER BY r.id", since, most=most)


def count_unsealed() -> int:
    (row,) = _rows(f"SELECT count(*) FROM {_UNSEALED}")  # noqa: S608 - constants only
    return int(row[0])


def _record() -> str:
    return "SELECT " + ", ".join(_AT[connection.vendor] if name == "at" else f"r.{name}" for name in FIELDS)


def _rows(query: str, *parameters: int, most: int | None = None) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"{query} LIMIT {most or BATCH:d}", parameters)
        rows: list[Row] = cursor.fetchall()
    return rows
