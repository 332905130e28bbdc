"""What keeps the figures below 100 %: causes in groups, what was done since the last look, and until when it lasts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise

from accounts.models import PartnerTenant
from activity.models import Channel
from activity.rollups import USE, Share, use_in_window, uses_without_mfa
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
    snapshots: Iterable[StatusSnapshot],
    portal: Iterable[tuple[date, Share]],
    api: Iterable[tuple[date, Share]],
    *,
    now: datetime,
) -> Below:
    """`snapshots` are the newest first; `portal` and `api` the windows of the two metrics, day by day."""
    found = list(Finding.objects.filter(tenant=tenant).in_window(_day(now)))
    stale, bounded = _done_since(tenant, _last_look(snapshots, found), now), len(found) >= MOST
    open_channels = {row.channel for row in found if row.cause != Cause.TAIL}
    goes_on = {channel: stale or bounded or channel in open_channels for channel in Channel}
    return Below(
        groups=_groups(found),
        stale=stale,
        bounded=bounded,
        portal_whole_on=_whole_on(portal, goes_on[Channel.PORTAL], now),
        api_whole_on=_whole_on(api, goes_on[Channel.APP_AND_USER], now),
    )


def _last_look(snapshots: Iterable[StatusSnapshot], found: Sequence[Finding]) -> datetime | None:
    """A snapshot that could not read the directory has not looked, and takes the place of one that had that day."""
    read = (one.taken_at for one in snapshots if one.enabled_accounts is not None)
    return max([*(row.found_at for row in found), *islice(read, 1)], default=None)


def _groups(found: Sequence[Finding]) -> list[Group]:
    """The costliest first, what is put right last."""
    groups = []
    for cause in Cause:
        rows = [row for row in found if row.cause == cause]
        if rows:
            operations = sum(row.without for row in rows)
            groups.append(Group(cause, TITLES[cause], fix_of(cause, rows[0]), len(rows), operations))
    return sorted(groups, key=lambda group: (group.cause is Cause.TAIL, -group.operations))


def _done_since(tenant: PartnerTenant, looked: datetime | None, now: datetime) -> bool:
    """Whether there is news: that something known goes on, as whenever such a person looks at the report, is none."""
    keys = {name: OuterRef(name) for name in USE}
    going_on = Finding.objects.filter(tenant=tenant, **keys).in_window(_day(now)).exclude(cause=Cause.TAIL)
    without = use_in_window(tenant.pk, now=now).filter(channel__in=(Channel.PORTAL, Channel.APP_AND_USER))
    news = without.filter(~Exists(going_on), last_without_mfa_at__isnull=False)
    return (news.filter(last_without_mfa_at__gt=looked) if looked else news).exists()


def _whole_on(days: Iterable[tuple[date, Share]], goes_on: bool, now: datetime) -> date | None:
    return whole_on(days, today=_day(now), fixed=not goes_on)


def not_looked_at(tenant: PartnerTenant, now: datetime, most: int) -> list[dict[str, object]]:
    """What was done without MFA since the last look and is not known to go on, or costs less than what was looked at;
    `most` rows."""
    found = Finding.objects.filter(tenant=tenant).in_window(_day(now)).order_by()
    known = {
        tuple(key): None if cause != Cause.TAIL else last
        for *key, cause, last in found.values_list(*USE, "cause", "last_without_mfa_at")
    }
    rows = ((tuple(row[name] for name in USE), row) for row in uses_without_mfa(tenant.pk, now=now).iterator())
    newer = (row for key, row in rows if key not in known or known[key] not in {None, row["last_without"]})
    return [row for row, _place in zip(newer, range(most), strict=False)]


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()
