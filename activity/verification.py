"""Verifying the audit log: walks the chain from its first seal, in constant memory."""

from collections.abc import Iterator, Sequence

from django.db.models import Max

from activity.chain import START, Head, chain_keys, following
from activity.models import AuditSeal
from activity.stored import Row, records, sealed, unsealed


class ChainBroken(Exception):
    """Where the chain breaks first, and how, in words for the operator."""


def walk() -> Iterator[Head]:
    """Each head the chain has had, from START to the present one. Raises ChainBroken."""
    keys, head = chain_keys(), START
    yield head
    for sequence, digest, record_id, record in sealed():
        wanted = head.sequence + 1
        if sequence != wanted:
            message = f"Seal {wanted} is missing; where it should be is seal {sequence}, of record {record_id}."
            raise ChainBroken(message)
        if record is None:
            message = f"Record {record_id} (seal {sequence}) is missing."
            raise ChainBroken(message)
        if not _fits(digest, head, record, keys):
            raise ChainBroken(_misfit(digest, head, record_id, keys))
        head = Head(sequence, digest)
        yield head


def passed_over() -> int | None:
    """The first record without a seal though one with a larger id has one: inserted, or committed just now."""
    largest = AuditSeal.objects.aggregate(largest=Max("record_id"))["largest"] or 0
    waiting = unsealed(most=1)
    return waiting[0][0] if waiting and waiting[0][0] < largest else None


def _fits(digest: str, head: Head, record: Row, keys: Sequence[bytes]) -> bool:
    return any(following(head, record, key).digest == digest for key in keys)


def _misfit(digest: str, head: Head, record_id: int, keys: Sequence[bytes]) -> str:
    """Look through the whole log for the record that was sealed here: only once, at the end of a verification."""
    place = f"Record {record_id} (seal {head.sequence + 1})"
    for record in records():
        if _fits(digest, head, record, keys):
            return f"{place} is out of order: record {record[0]} was sealed there."
    return f"{place} was changed, or its seal was not made with a key in SECRETSTORE_KEYS."
