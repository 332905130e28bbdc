"""What the operation log comes to, read from its daily roll-ups and never from the log itself (Q3, Q4, Q10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Max, QuerySet, Sum

from activity.models import Channel, DailyTotal, DailyUse

WINDOW_DAYS = 7


@dataclass(frozen=True, slots=True)
class Share:
    """Of so many operations so many with MFA."""

    operations: int = 0
    with_mfa: int = 0

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down: 100 means every single one. None where there was nothing."""
        return self.with_mfa * 100 // self.operations if self.operations else None


def window(now: datetime) -> tuple[date, date]:
    """The first and the last day that count at this moment: seven calendar days in UTC, today included (Q10)."""
    today = now.astimezone(UTC).date()
    return today - timedelta(days=WINDOW_DAYS - 1), today


def shares(tenant_id: UUID, *, now: datetime) -> dict[Channel, Share]:
    """The figures of the window, one for each channel."""
    found = dict.fromkeys(Channel, Share())
    for channel, operations, with_mfa in (
        DailyTotal.objects.filter(tenant_id=tenant_id, day__range=window(now))
        .values_list("channel")
        .annotate(Sum("operations"), Sum("with_mfa"))
    ):
        found[Channel(channel)] = Share(operations, with_mfa)
    return found


def share_by_day(tenant_id: UUID, channel: Channel, *, now: datetime) -> list[tuple[date, Share]]:
    """The window day by day, also the days on which nothing was done."""
    rows = DailyTotal.objects.filter(tenant_id=tenant_id, channel=channel, day__range=window(now))
    known = {row.day: Share(row.operations, row.with_mfa) for row in rows}
    return [(day, known.get(day, Share())) for day in _days(now)]


def _days(now: datetime) -> Iterator[date]:
    first, _today = window(now)
    return (first + timedelta(days=number) for number in range(WINDOW_DAYS))


def use_in_window(tenant_id: UUID, *, now: datetime) -> QuerySet[DailyUse]:
    return DailyUse.objects.filter(tenant_id=tenant_id, day__range=window(now))


def people_without_mfa(tenant_id: UUID, *, channels: tuple[Channel, ...], now: datetime) -> QuerySet[DailyUse, Any]:
    """Who did something without MFA in the window: `user_id`, `name`, `last` (the last time without), `without` (how
    often), the latest first."""
    return (
        use_in_window(tenant_id, now=now)
        .filter(channel__in=channels, last_without_mfa_at__isnull=False)
        .values("user_id")
        .annotate(name=Max("user_name"), last=Max("last_without_mfa_at"), without=Sum(F("operations") - F("with_mfa")))
        .order_by("-last", "user_id")
    )


def applications(tenant_id: UUID, *, now: datetime) -> QuerySet[DailyUse, Any]:
    """App+User requests in the window: `application_id`, `operations`, `with_mfa`, `last`; those with most lacking
    MFA first (Q4)."""
    return (
        use_in_window(tenant_id, now=now)
        .filter(channel=Channel.APP_AND_USER)
        .values("application_id")
        .annotate(operations=Sum("operations"), with_mfa=Sum("with_mfa"), last=Max("last_at"))
        .order_by(F("with_mfa") - F("operations"), "application_id")
    )


def applications_by_day(tenant_id: UUID, *, first: date, last: date) -> QuerySet[DailyUse, Any]:
    """App+User requests of these days: `day`, `application_id`, `requests`, `compliant`; the latest day first."""
    return (
        DailyUse.objects.filter(tenant_id=tenant_id, channel=Channel.APP_AND_USER, day__range=(first, last))
        .values("day", "application_id")
        .annotate(requests=Sum("operations"), compliant=Sum("with_mfa"))
        .order_by("-day", "application_id")
    )
