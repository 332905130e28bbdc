"""Reading a log on from where it was read to, slice by slice, so that memory stays constant however much waits."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.models import PartnerTenant
from security.models import Watermark
from security.models.place import Source

SETTLED = timedelta(seconds=10)
"""Transactions last a moment, and clocks of machines differ: rows younger than this are left to the next turn."""
SLICE = timedelta(days=1)
BATCH = 500
Item = TypeVar("Item")
M = TypeVar("M", bound=Model)


def read_on(
    source: Source,
    *,
    end: datetime,
    back: timedelta,
    read: Callable[[datetime, datetime, datetime], int],
) -> int:
    """Read up to `end`; returns the sum of what `read(since, until, alerts_from)` returns.

    A slice's findings and the new watermark are kept together or not at all, so that a process that is killed repeats
    nothing. `back` is how far before the first turn there is something to learn from.
    """
    found = 0
    while True:
        with transaction.atomic():
            defaults = {"read_until": end - back, "alerts_from": end}
            Watermark.objects.get_or_create(source=source.value, defaults=defaults)
            mark = Watermark.objects.select_for_update().get(source=source.value)
            if mark.read_until >= end:
                return found
            until = min(mark.read_until + SLICE, end)
            found += read(mark.read_until, until, mark.alerts_from)
            mark.read_until = until
            mark.save(update_fields=["read_until"])


def of_partners(rows: QuerySet[M], since: datetime, until: datetime) -> QuerySet[M]:
    """Rows of a log in [since, until): both logs are indexed by tenant and time, and by time alone they need not be."""
    return rows.filter(tenant_id__in=PartnerTenant.objects.values("pk"), at__gte=since, at__lt=until)


def batches(rows: QuerySet[M, Item]) -> Iterator[list[Item]]:
    """The rows as they come from the database, so many at a time."""
    each = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(each, BATCH)):
        yield batch
