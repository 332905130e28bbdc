"""The chain of the audit log: the digest of each record is a keyed hash over the digest before it and the record.

Who can write the database, but does not know SECRETSTORE_KEYS, cannot make a digest: what they change, take away or
put between breaks the chain there.
"""

import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from secretstore import purpose_keys

FIELDS = ("id", "at", "action", "actor", "tenant_id", "subject", "detail", "request_id")
"""Of a record as `activity.stored` reads it: what of a record is sealed, which is all."""
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?", re.ASCII)
_HEAD = re.compile(r"(0|[1-9]\d{0,18}):([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Head:
    """The seal a chain ends with; noted elsewhere, it proves what came before."""

    sequence: int
    digest: str

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Read `sequence:digest`. Raises ValueError."""
        found = _HEAD.fullmatch(text)
        if found is None:
            message = f"{text!r} is not SEQUENCE:DIGEST"
            raise ValueError(message)
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest}"


START = Head(0, "0" * 64)


def chain_keys() -> list[bytes]:
    """One of each master key, newest first: records are sealed with the first; what any of them sealed is valid."""
    return purpose_keys("audit chain, version 1")


def following(head: Head, record: Sequence[Any], key: bytes) -> Head:
    """The head once this record, a value for each of FIELDS, is sealed after `head`."""
    sequence = head.sequence + 1
    return Head(sequence, hmac.digest(key, head.digest.encode() + canonical(sequence, record), "sha256").hex())


def canonical(sequence: int, record: Sequence[Any]) -> bytes:
    """The one spelling of a record and its place, the same from SQLite and PostgreSQL: compact JSON, keys sorted.

    Times are in UTC with microseconds, tenants 32 hexadecimal digits, and `detail` is canonical JSON of its own. A
    value that the services cannot have stored is spelled as it lies there, under another key: nothing else is like it.
    """
    said = dict(_spelled(name, value) for name, value in zip(FIELDS, record, strict=True))
    return _compact({**said, "sequence": sequence}).encode()


def _spelled(name: str, value: Any) -> tuple[str, object]:
    try:
        match name, value:
            case ("at", str()):
                return name, _moment(value)
            case ("detail", str()):
                return name, _compact(json.loads(value, **_STRICTLY))
    except (ValueError, RecursionError):
        return f"{name} as stored", repr(value)
    if isinstance(value, UUID):  # SQLite keeps it as these digits
        return name, value.hex
    return (name, value) if value is None or isinstance(value, str | int) else (f"{name} as stored", repr(value))


def _moment(text: str) -> str:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return f"{found[1]}T{found[2]}.{(found[3] or '').ljust(6, '0')}Z"


def _compact(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _number(text: str) -> int | float:
    """PostgreSQL writes 1e+16 as 10000000000000000, and 1e-7 as 0.0000001."""
    value = float(text)
    return int(Decimal(text)) if value.is_integer() else value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """SQLite stores a repeated key, and its functions take the first where Python takes the last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("repeated key")
    return found


_STRICTLY: dict[str, Any] = {"parse_float": _number, "object_pairs_hook": _object}
