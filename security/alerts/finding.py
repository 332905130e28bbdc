"""What was found becomes an alert, once: the same condition going on moves the one there is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from fluent.listing import folded
from security.alerts.rules import Finding, Limit, Moment, Who, goes_on
from security.kinds import AlertKind
from security.models import SecurityAlert

_AT_ONCE = 10_000
"""Moments that are read in one turn; the next one goes on after the last of them."""


def latest_alert(tenant_id: UUID, kind: AlertKind, condition: str) -> SecurityAlert | None:
    rows = SecurityAlert.objects.filter(tenant_id=tenant_id, kind=kind, condition=condition)
    return rows.order_by("-first_observed_at").first()


def keep(tenant_id: UUID, finding: Finding) -> SecurityAlert:
    """Add it to the unresolved alert of its condition, however old, or make one."""
    alert = latest_alert(tenant_id, finding.kind, finding.condition)
    if alert is not None and _add(alert, finding.observations, finding.last):
        return alert
    return _make(tenant_id, finding)


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted: the rule that judges it, and the query set's field of the time with how rows become moments."""

    kind: AlertKind
    rule: Callable[[Who, Sequence[Moment], Limit], Finding | None]
    limit: Limit
    time: str
    moments: Callable[[QuerySet[Any]], list[Moment]]


def keep_burst(tenant_id: UUID, who: Who, counting: Counting, rows: QuerySet[Any]) -> int:
    """Count what no alert has counted yet: add it to an unresolved one it goes on with, else let the rule judge.

    Returns how many alerts were made.
    """
    alert = latest_alert(tenant_id, counting.kind, who.key)
    if alert is not None:
        rows = rows.filter(**{f"{counting.time}__gt": alert.last_observed_at})
    moments = counting.moments(rows.order_by(counting.time)[:_AT_ONCE])
    if alert is not None and _continued(alert, moments, counting.limit):
        return 0
    finding = counting.rule(who, moments, counting.limit)
    if finding is None:
        return 0
    _make(tenant_id, finding)
    return 1


def _continued(alert: SecurityAlert, moments: list[Moment], limit: Limit) -> bool:
    return goes_on(alert.last_observed_at, moments, limit) and _add(alert, len(moments), moments[-1].at)


def _add(alert: SecurityAlert, observations: int, last: datetime) -> bool:
    """False where somebody has resolved it: what happens after that is judged anew."""
    moved = SecurityAlert.objects.unresolved().filter(pk=alert.pk)
    values = {"observations": F("observations") + observations, "last_observed_at": max(last, alert.last_observed_at)}
    return moved.update(**values) == 1


def _make(tenant_id: UUID, finding: Finding) -> SecurityAlert:
    named = (str(finding.details.get(key, "")) for key in ("name", "network"))
    return SecurityAlert.objects.create(
        tenant_id=tenant_id,
        kind=finding.kind,
        condition=finding.condition,
        severity=finding.severity,
        confidence=finding.confidence,
        first_observed_at=finding.first,
        last_observed_at=finding.last,
        observations=finding.observations,
        detected_at=timezone.now(),
        affected_resources=list(finding.resources),
        details=finding.details,
        search_text=folded(*finding.resources, *named),
    )
