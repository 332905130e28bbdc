"""The report of one partner tenant: live figures out of the roll-ups, the accounts as of the last snapshot."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.enforcement import Obstacle
from accounts.models import PartnerTenant
from activity.models import Channel
from activity.rollups import Share, share_by_day
from fluent.charts import Bar, Point
from security import wording
from security.forecast import NoPace, whole_at_pace
from security.metrics import Measure, Metric, Standing, measured, of_accounts
from security.models import AccountStatus, StatusSnapshot
from security.problems import problem_text
from security.wording import Shown

TREND_DAYS = (30, 90)


@dataclass(frozen=True, slots=True)
class Live:
    """A metric counted at this moment, and its window day by day."""

    shown: Shown
    rows: Sequence[tuple[date, Share, str]]
    bars: Sequence[Bar]

    @property
    def days(self) -> list[tuple[date, Share]]:
        return [(day, share) for day, share, _percent in self.rows]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Metric 1. `last_read` is an earlier snapshot that has figures, where the last one has none."""

    shown: Shown
    snapshot: StatusSnapshot | None
    problem: "str | Promise"
    advice: "str | Promise"
    last_read: StatusSnapshot | None
    last_read_fraction: str
    obstacles: Sequence[tuple[Obstacle, Promise, int]]
    whole: date | NoPace


@dataclass(frozen=True, slots=True)
class Trend:
    """The daily snapshots of the last so many days, oldest first; one line of points for each metric."""

    first: date
    last: date
    accounts: Sequence[Point]
    portal: Sequence[Point]
    api: Sequence[Point]
    rows: Sequence[tuple[date, Sequence[str]]]


def snapshots_of(tenant: PartnerTenant) -> list[StatusSnapshot]:
    """The newest first, as many as the longest trend can show."""
    return list(StatusSnapshot.objects.filter(tenant=tenant)[: max(TREND_DAYS)])


def last_snapshot(tenant: PartnerTenant) -> StatusSnapshot | None:
    return StatusSnapshot.objects.filter(tenant=tenant).first()


def live(tenant: PartnerTenant, channel: Channel, fraction: Callable[[Share], str], *, now: datetime) -> Live:
    days = share_by_day(tenant.pk, channel, now=now)
    metric = measured(_sum(share for _day, share in days))
    return Live(
        shown=wording.shown(metric, fraction),
        rows=[(day, share, wording.percent(share.percent)) for day, share in days],
        bars=[_bar(day, share, fraction) for day, share in days],
    )


def _sum(shares: Iterable[Share]) -> Share:
    found = list(shares)
    return Share(sum(share.operations for share in found), sum(share.with_mfa for share in found))


def _bar(day: date, share: Share, fraction: Callable[[Share], str]) -> Bar:
    said = f"{fraction(share)}, {wording.percent(share.percent)}" if share.operations else _("nothing")
    return Bar(date_format(day, "D"), f"{date_format(day)}: {said}", share.with_mfa, share.operations)


def accounts(tenant: PartnerTenant, snapshots: Sequence[StatusSnapshot], *, now: datetime) -> Accounts:
    snapshot = snapshots[0] if snapshots else None
    metric = _accounts(snapshot) if snapshot else Metric(Standing.PENDING)
    read = next((each for each in snapshots if each.enabled_accounts is not None), None)
    return Accounts(
        shown=wording.shown(metric, wording.accounts),
        snapshot=snapshot,
        problem=problem_text(snapshot.problem) if snapshot else "",
        advice=wording.advice(snapshot.problem) if snapshot else "",
        last_read=read if metric.standing is Standing.UNREAD else None,
        last_read_fraction=wording.accounts(_accounts(read).share) if read else "",
        obstacles=obstacles_of(tenant),
        whole=whole_at_pace(_left_open(snapshots), today=now.astimezone(UTC).date()),
    )


def _left_open(snapshots: Iterable[StatusSnapshot]) -> Iterator[tuple[date, int]]:
    for each in snapshots:
        share = _accounts(each).share
        if share.operations:
            yield each.day, share.operations - share.with_mfa


def _accounts(snapshot: StatusSnapshot) -> Metric:
    return of_accounts(snapshot.enabled_accounts, snapshot.enforced_accounts)


def obstacles_of(tenant: PartnerTenant) -> list[tuple[Obstacle, Promise, int]]:
    """Why so many enabled accounts are not enforced, in the order of the enumeration."""
    open_accounts = AccountStatus.objects.filter(tenant=tenant, enabled=True, enforced_by="").order_by()
    counts = dict(open_accounts.values_list("obstacle").annotate(Count("pk")))
    return [(each, each.label, counts[each.value]) for each in Obstacle if each.value in counts]


def trend(snapshots: Sequence[StatusSnapshot], days: int, *, now: datetime) -> Trend:
    last = now.astimezone(UTC).date()
    first = last - timedelta(days=days - 1)
    known = {each.day: each for each in snapshots if each.day >= first}
    listed = [first + timedelta(days=number) for number in range(days)]
    percents = {day: percents_of(known[day]) for day in sorted(known)}
    lines = [[_point(day, percents[day][place] if day in percents else None) for day in listed] for place in range(3)]
    return Trend(
        first=first,
        last=last,
        accounts=lines[0],
        portal=lines[1],
        api=lines[2],
        rows=[(day, [wording.percent(value) for value in percents[day]]) for day in reversed(percents)],
    )


def percents_of(snapshot: StatusSnapshot) -> tuple[int | None, int | None, int | None]:
    """The three metrics of a snapshot, in their order."""
    found = metrics_of(snapshot)
    return found[Measure.ACCOUNTS].percent, found[Measure.PORTAL].percent, found[Measure.API].percent


def metrics_of(snapshot: StatusSnapshot) -> dict[Measure, Metric]:
    return {
        Measure.ACCOUNTS: _accounts(snapshot),
        Measure.PORTAL: measured(Share(snapshot.portal_operations, snapshot.portal_with_mfa)),
        Measure.API: measured(Share(snapshot.api_requests, snapshot.api_with_mfa)),
    }


def _point(day: date, percent: int | None) -> Point:
    return Point(f"{date_format(day)}: {wording.percent(percent)}", percent)
