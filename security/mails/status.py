"""What a mail tells of a tenant's status: the last snapshot beside that of a week before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise

from accounts.enforcement import Obstacle
from accounts.models import PartnerTenant
from security.metrics import Measure, Metric
from security.models import StatusSnapshot
from security.report import last_snapshot, metrics_of, obstacles_of

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Figure:
    """`change` in points of percent since the week before; None where one of the two has no figure."""

    measure: Measure
    metric: Metric
    change: int | None


@dataclass(frozen=True, slots=True)
class Status:
    """`week_before` is the day compared with, None where there is no snapshot of about then."""

    tenant: PartnerTenant
    snapshot: StatusSnapshot
    week_before: date | None
    figures: Sequence[Figure]
    obstacles: Sequence[tuple[Obstacle, Promise, int]]

    @property
    def percents(self) -> dict[Measure, int | None]:
        return {figure.measure: figure.metric.percent for figure in self.figures}

    @property
    def was_read(self) -> bool:
        return self.snapshot.enabled_accounts is not None


def status_of(tenant: PartnerTenant) -> Status | None:
    """None before the first snapshot."""
    snapshot = last_snapshot(tenant)
    if snapshot is None:
        return None
    earlier = _week_before(snapshot)
    then = metrics_of(earlier) if earlier else {}
    figures = [
        Figure(measure, metric, _change(metric, then.get(measure))) for measure, metric in metrics_of(snapshot).items()
    ]
    return Status(tenant, snapshot, earlier.day if earlier else None, figures, obstacles_of(tenant))


def _week_before(snapshot: StatusSnapshot) -> StatusSnapshot | None:
    """Of the same day a week ago, else the last one of the week before that."""
    days = (snapshot.day - 2 * _WEEK + timedelta(days=1), snapshot.day - _WEEK)
    return StatusSnapshot.objects.filter(tenant_id=snapshot.tenant_id, day__range=days).first()


def _change(now: Metric, then: Metric | None) -> int | None:
    if now.percent is None or then is None or then.percent is None:
        return None
    return now.percent - then.percent
