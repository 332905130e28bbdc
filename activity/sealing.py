"""Sealing what was recorded: an act writes its audit record and waits for nothing, the loop adds it to the chain.

Records are sealed in the order of their ids, except one that is committed after a larger id was sealed: it comes next.
"""

import time

from django.db import connection, transaction
from django.db.models import Max

from activity.chain import START, Head, chain_keys, following
from activity.loop import Duty
from activity.models import AuditSeal
from activity.stored import LOWEST, unsealed

_PAUSE = 0.2  # seconds after each batch: who waits for SQLite's one writer looks again every tenth of a second
_REACH = 2_000  # ids below the largest sealed one in which each turn looks for those committed late


def seal_due() -> None:
    """Seal what was committed lately."""
    largest = AuditSeal.objects.aggregate(largest=Max("record_id"))["largest"] or 0
    _seal_since(largest - _REACH)


def seal_late() -> None:
    """The same over the whole log: some transaction may have been open for very long."""
    _seal_since(LOWEST)


SEALING = (
    Duty("Sealing the audit log", seal_due, every=1, apart=True),
    Duty("Sealing late audit records", seal_late, every=600, apart=True),
)
"""Duties of both services. They are apart from the others because a long log that was never sealed takes long."""


def _seal_since(record_id: int) -> None:
    while unsealed(since=record_id, most=1):  # asked first: on SQLite a transaction keeps all writers waiting
        record_id = _seal_batch(record_id)
        time.sleep(_PAUSE)


@transaction.atomic
def _seal_batch(since: int) -> int:
    """Seal a batch or, whenever the process is killed, nothing of it. Returns the last id that was sealed."""
    _wait_for_other_sealers()
    last = AuditSeal.objects.order_by("sequence").last()
    head = Head(last.sequence, last.digest) if last else START
    key, seals = chain_keys()[0], []
    for record in unsealed(since=since):
        head = following(head, record, key)
        seals.append(AuditSeal(sequence=head.sequence, record_id=record[0], digest=head.digest))
    AuditSeal.objects.bulk_create(seals)
    return seals[-1].record_id if seals else since


def _wait_for_other_sealers() -> None:
    """SQLite has let only one transaction begin. What another one sealed is seen by the statements that follow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # no lock of the table: it would send autovacuum away each time
            cursor.execute("SELECT pg_advisory_xact_lock('activity_auditseal'::regclass::oid::bigint)")
