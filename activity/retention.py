"""Room in the operation log: partitions of the days to come, and the end of what is older than OPERATION_LOG_DAYS."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from activity import partitions
from activity.counting import RAW
from activity.loop import each
from activity.models import ApiRequest, DailyTotal, DailyUse, OperationRecord

DAYS_AHEAD = 7
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Room:
    """What was done: partitions created and dropped, rows deleted one by one."""

    created: int
    dropped: int
    deleted: int


def first_day_kept(now: datetime) -> date:
    return now.astimezone(UTC).date() - timedelta(days=settings.OPERATION_LOG_DAYS)


def make_room(now: datetime | None = None) -> Room:
    """Do what is due at this moment. Raises ExceptionGroup at the end for what has to be tried again.

    A partition that cannot be made keeps nothing from ending. One that cannot be dropped does: its rows would be
    deleted one by one.
    """
    now = now or timezone.now()
    first = first_day_kept(now)
    try:
        created = _create(now.astimezone(UTC).date())
    finally:
        dropped = _drop(first)
        deleted = _delete(first)
    return Room(created, dropped, deleted)


def _create(today: date) -> int:
    needed = {today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1)}
    missing = [(table, day) for table in _divided() for day in sorted(needed - partitions.days(table))]
    return each(missing, lambda one: partitions.create(*one))


def _drop(first: date) -> int:
    over = [(table, day) for table in _divided() for day in sorted(partitions.days(table)) if day < first]
    return each(over, lambda one: partitions.drop(*one))


def _divided() -> Iterable[str]:
    return RAW if connection.vendor == "postgresql" else ()


def _delete(first: date) -> int:
    """The roll-ups know who has rows of which day, so nobody looks through the log for them."""
    over = DailyTotal.objects.filter(day__lt=first).values_list("tenant_id", flat=True).distinct()
    return each(list(over), lambda tenant_id: _delete_of(tenant_id, first))


def _delete_of(tenant_id: UUID, first: date) -> int:
    """In short transactions. The last one takes the roll-ups and what has come in meanwhile."""
    logs = [
        model._default_manager.filter(tenant_id=tenant_id, at__lt=partitions.start_of(first))
        for model in (OperationRecord, ApiRequest)
    ]
    deleted = 0
    for rows in logs:
        while keys := list(rows.values_list("pk", flat=True)[:_BATCH]):
            deleted += rows.filter(pk__in=keys).delete()[0]
    with transaction.atomic():
        deleted += _delete_rollups(tenant_id, first)
        return deleted + sum(rows.delete()[0] for rows in logs)


def _delete_rollups(tenant_id: UUID, first: date) -> int:
    over = [model._default_manager.filter(tenant_id=tenant_id, day__lt=first) for model in (DailyUse, DailyTotal)]
    return sum(rows.delete()[0] for rows in over)
