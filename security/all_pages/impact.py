"""Who did what without MFA in areas that ask for none, read from the operation log itself: the roll-ups know no areas.

Looked at on demand only, and at a bounded number of operations, the newest.
"""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as clock
from typing import Any

from django.conf import settings
from django.db.models import Count, Max

from accounts.access import AREAS, Area
from accounts.models import PartnerTenant
from activity.models import OperationRecord
from activity.newest import Newest
from activity.rollups import window
from security.all_pages.readiness import Readiness, Standing, newly_asked, readiness_of
from security.models import AccountStatus

MOST = 50_000
"""Operations looked at: the bound that keeps the look short, however much was done."""


@dataclass(frozen=True, slots=True)
class Use:
    """What one person did without MFA in one area."""

    area: Area
    user_id: str
    name: str
    operations: int
    last: datetime
    readiness: Readiness
    obstacle: str


@dataclass(frozen=True, slots=True)
class Impact:
    """`seconds` is how long the look took. `partial`: there were more operations than were looked at."""

    uses: list[Use]
    seconds: float
    partial: bool

    @property
    def people(self) -> Mapping[Readiness, int]:
        return Counter({one.user_id: one.readiness for one in self.uses}.values())

    @property
    def by_area(self) -> list[tuple[Area, int, int]]:
        """Each area that was used, in the matrix' order, with its people and operations."""
        own = {area: [one for one in self.uses if one.area == area] for area in areas_newly_asked()}
        return [(area, len(uses), sum(one.operations for one in uses)) for area, uses in own.items() if uses]


def areas_newly_asked() -> tuple[Area, ...]:
    return newly_asked(AREAS, settings.MFA_MAXIMUM_AGE)


def impact_of(tenant: PartnerTenant, *, now: datetime) -> Impact:
    """Three queries: the log, whether there is more of it, and the accounts. Most operations come first."""
    started = time.monotonic()
    areas = {area.key: area for area in areas_newly_asked()}
    first, _today = window(now)
    since = datetime.combine(first, clock.min, UTC)
    log = OperationRecord.objects.filter(tenant_id=tenant.pk, at__gte=since, at__lte=now, mfa=False)
    newest = log.filter(area__in=areas).order_by("-at", "-pk")
    looked_at = OperationRecord.objects.filter(pk__in=newest.values("pk")[:MOST], at__gte=since)
    by_whom = looked_at.values("area", "user_id")
    rows = by_whom.annotate(name=Newest("user_name", "at"), count=Count("pk"), last=Max("at"))
    found = list(rows.order_by("-count", "user_id", "area"))
    partial = newest.values("pk")[MOST : MOST + 1].exists()
    standings = _standings(tenant) if found else {}
    uses = [_use(row, areas[row["area"]], standings.get(row["user_id"].lower())) for row in found]
    return Impact(uses, time.monotonic() - started, partial)


def _standings(tenant: PartnerTenant) -> dict[str, Standing]:
    rows = AccountStatus.objects.filter(tenant=tenant, enabled=True)
    columns = rows.values_list("user_id", "registered", "enforced_by", "obstacle")
    return {key: Standing(registered, by, obstacle) for key, registered, by, obstacle in columns.iterator()}


def _use(row: Mapping[str, Any], area: Area, standing: Standing | None) -> Use:
    return Use(
        area=area,
        user_id=row["user_id"],
        name=row["name"],
        operations=row["count"],
        last=row["last"],
        readiness=readiness_of(standing),
        obstacle=standing.obstacle if standing else "",
    )
