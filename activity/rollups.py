"""What the operation log comes to, read from its daily roll-ups and never from the log itself (Q3, Q4, Q10).

Triggers keep the roll-ups with each insert into the log (`activity.counting`). `rebuild` counts anew after the log was
changed in another way; `differences` tells whether that is needed.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Max, QuerySet, Sum
from django.utils import timezone

from activity import counting
from activity.models import Channel, DailyTotal, DailyUse
from activity.newest import Newest
from activity.partitions import start_of
from activity.retention import first_day_kept

WINDOW_DAYS = 7
USE = ("channel", "application_id", "user_id")
"""What tells the uses of a tenant apart."""
_KEPT = {
    "activity_dailyuse": (counting.USE, counting.USE_KEY),
    "activity_dailytotal": (counting.TOTAL, counting.TOTAL_KEY),
}
Values = dict[str, Any]


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
    """Who did something without MFA in the window: `user_id`, `name` (on the newest day without), `last` (the last time
    without), `without` (how often), the latest first."""
    return (
        use_in_window(tenant_id, now=now)
        .filter(channel__in=channels, last_without_mfa_at__isnull=False)
        .values("user_id")
        .annotate(
            name=Newest("user_name", "last_at"),
            last=Max("last_without_mfa_at"),
            without=Sum(F("operations") - F("with_mfa")),
        )
        .order_by("-last", "user_id")
    )


def uses_without_mfa(tenant_id: UUID, *, now: datetime) -> QuerySet[DailyUse, Any]:
    """Each person at each application in each channel with something done without MFA in the window: `without` (how
    often), `last_without`, `name` (on the newest day without); what costs most operations first (Q5)."""
    return (
        use_in_window(tenant_id, now=now)
        .filter(channel__in=(Channel.PORTAL, Channel.APP_AND_USER), last_without_mfa_at__isnull=False)
        .values("channel", "application_id", "user_id")
        .annotate(
            name=Newest("user_name", "last_at"),
            last_without=Max("last_without_mfa_at"),
            without=Sum(F("operations") - F("with_mfa")),
        )
        .order_by("-without", "-last_without", *USE)
    )


def last_uses(tenant_id: UUID, users: Collection[str], *, now: datetime) -> dict[tuple[str, str, str], datetime]:
    """When each of these people last did anything in the window, with MFA or without, by `USE`."""
    rows = use_in_window(tenant_id, now=now).filter(user_id__in=users).values_list(*USE)
    return {(channel, application, user): last for channel, application, user, last in rows.annotate(Max("last_at"))}


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


@dataclass(frozen=True, slots=True)
class Difference:
    """A roll-up row that is not what the log comes to; None on the side that has no such row."""

    table: str
    key: Values
    logged: Values | None
    kept: Values | None

    def __str__(self) -> str:
        where = ", ".join(f"{name} {value or '-'}" for name, value in self.key.items())
        return f"{self.table} ({where}): the log comes to {_words(self.logged)}, kept is {_words(self.kept)}"


def rebuild() -> None:
    """Count all rows of the log anew, one statement a roll-up. On PostgreSQL writers wait for the end of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {', '.join(counting.RAW)} IN SHARE MODE")
        for table, (columns, _key) in _KEPT.items():
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(f"INSERT INTO {table} ({columns}) {_counted(table)}")


def differences(now: datetime | None = None) -> list[Difference]:
    """What differs in the days that are kept. One statement a roll-up, so that it may be asked while others write."""
    return [one for table in _KEPT for one in _differences(table, now or timezone.now())]


def _counted(table: str, since: str = "") -> str:
    facts = counting.facts(connection.vendor, since=since)
    return counting.uses(facts, connection.vendor) if table == "activity_dailyuse" else counting.totals(facts)


def _differences(table: str, now: datetime) -> Iterator[Difference]:
    columns, key = (names.split(", ") for names in _KEPT[table])
    first = first_day_kept(now)
    names = ", ".join(columns)
    sql = (
        f"WITH logged AS ({_counted(table, since='%s')}),"
        f" kept AS (SELECT {names} FROM {table} WHERE day >= %s)"
        f" SELECT 1, lacking.* FROM (SELECT {names} FROM logged EXCEPT SELECT {names} FROM kept) AS lacking"
        f" UNION ALL SELECT 0, extra.* FROM (SELECT {names} FROM kept EXCEPT SELECT {names} FROM logged) AS extra"
    )
    since = connection.ops.adapt_datetimefield_value(start_of(first))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*[since] * len(counting.RAW), connection.ops.adapt_datefield_value(first)])
        rows = cursor.fetchall()
    sides: tuple[dict[tuple[Any, ...], Values], ...] = ({}, {})
    for side, *values in rows:
        row = {name: str(value) if name in key else value for name, value in zip(columns, values, strict=True)}
        sides[side][tuple(row.pop(name) for name in key)] = row
    kept, logged = sides
    for found in sorted(kept.keys() | logged.keys()):
        yield Difference(table, dict(zip(key, found, strict=True)), logged.get(found), kept.get(found))


def _words(row: Values | None) -> str:
    return "nothing" if row is None else ", ".join(f"{name} {value}" for name, value in row.items())
