"""What keeps the figures below 100 %: causes in groups, what was done since the last look, and until when it lasts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.functional import Promise

from accounts.models import PartnerTenant
from activity.models import Channel
from activity.rollups import Share, use_in_window, uses_without_mfa
from security.causes.gathering import MOST
from security.causes.rules import Cause
from security.causes.words import TITLES, Fix, fix_of
from security.forecast import whole_on
from security.models import Finding, StatusSnapshot


@dataclass(frozen=True, slots=True)
class Group:
    """All with one cause. `fix` leads to the place of the costliest; `uses` counts the rows."""

    cause: Cause
    title: Promise
    fix: Fix | None
    uses: int
    operations: int


@dataclass(frozen=True, slots=True)
class Below:
    """`stale`: something was done without MFA since the last look. `bounded`: only the costliest were looked at."""

    groups: Sequence[Group]
    stale: bool
    bounded: bool
    portal_whole_on: date | None
    api_whole_on: date | None


def below(
    tenant: PartnerTenant,
    snapshot: StatusSnapshot | None,
    portal: Iterable[tuple[date, Share]],
    api: Iterable[tuple[date, Share]],
    *,
    now: datetime,
) -> Below:
    """`portal` and `api` are the windows of the two metrics, day by day."""
    found = list(Finding.objects.filter(tenant=tenant).in_window(_day(now)))
    stale = _done_since(tenant, snapshot, now)
    open_channels = {row.channel for row in found if row.cause != Cause.TAIL}
    return Below(
        groups=_groups(found),
        stale=stale,
        bounded=len(found) >= MOST,
        portal_whole_on=_whole_on(portal, stale or Channel.PORTAL in open_channels, now),
        api_whole_on=_whole_on(api, stale or Channel.APP_AND_USER in open_channels, now),
    )


def _groups(found: Sequence[Finding]) -> list[Group]:
    """The costliest first, what is put right last."""
    groups = []
    for cause in Cause:
        rows = [row for row in found if row.cause == cause]
        if rows:
            operations = sum(row.without for row in rows)
            groups.append(Group(cause, TITLES[cause], fix_of(cause, rows[0]), len(rows), operations))
    return sorted(groups, key=lambda group: (group.cause is Cause.TAIL, -group.operations))


def _done_since(tenant: PartnerTenant, snapshot: StatusSnapshot | None, now: datetime) -> bool:
    without = use_in_window(tenant.pk, now=now).filter(channel__in=(Channel.PORTAL, Channel.APP_AND_USER))
    since = without.filter(last_without_mfa_at__isnull=False)
    return (since.filter(last_without_mfa_at__gt=snapshot.taken_at) if snapshot else since).exists()


def _whole_on(days: Iterable[tuple[date, Share]], goes_on: bool, now: datetime) -> date | None:
    return whole_on(days, today=_day(now), fixed=not goes_on)


def not_looked_at(tenant: PartnerTenant, now: datetime, most: int) -> list[dict[str, object]]:
    """What was done without MFA since the last look, or costs less than what was looked at; `most` rows."""
    keys = ("channel", "application_id", "user_id")
    known = {
        tuple(row[:3]): row[3]
        for row in Finding.objects.filter(tenant=tenant).values_list(*keys, "last_without_mfa_at").order_by()
    }
    rows = uses_without_mfa(tenant.pk, now=now).iterator()
    newer = (row for row in rows if known.get(tuple(row[key] for key in keys)) != row["last_without"])
    return [row for row, _place in zip(newer, range(most), strict=False)]


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()
