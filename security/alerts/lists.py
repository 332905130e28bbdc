"""The list of security alerts, declared."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fluent.listing import Column, Filter, Kind, Listing, Period
from security.kinds import AlertStatus, alert_kinds, alert_statuses, levels
from security.models import SecurityAlert

SEVERITY_BADGES = {"high": "danger", "medium": "warning", "low": "info", "informational": "neutral"}
STATUS_BADGES = {"active": "danger", "investigating": "warning", "resolved": "success"}


def alert_url(alert: SecurityAlert) -> str:
    return reverse("security:alert", args=[alert.pk])


def _narrow_status(rows: QuerySet[SecurityAlert], value: str) -> QuerySet[SecurityAlert]:
    return rows.exclude(status=AlertStatus.RESOLVED) if value == "unresolved" else rows.filter(status=value)


ALERTS: Listing[SecurityAlert] = Listing(
    name="security-alerts",
    caption=_("Security alerts"),
    placeholder=_("Person, application or network"),
    search=("search_text",),
    default_sort="-detected",
    period=Period("detected_at"),
    columns=[
        Column("kind", _("Alert"), lambda row: row.get_kind_display(), link=alert_url),
        Column("about", _("About"), lambda row: ", ".join(row.affected_resources[:2])),
        Column(
            "severity",
            _("Severity"),
            lambda row: row.get_severity_display(),
            kind=Kind.BADGE,
            badge=lambda row: SEVERITY_BADGES[row.severity],
        ),
        Column(
            "status",
            _("Status"),
            lambda row: row.get_status_display(),
            kind=Kind.BADGE,
            badge=lambda row: STATUS_BADGES[row.status],
        ),
        Column("detected", _("Detected"), lambda row: row.detected_at, sort="detected_at", kind=Kind.MOMENT),
        Column("last", _("Last observed"), lambda row: row.last_observed_at, sort="last_observed_at", kind=Kind.MOMENT),
        Column("times", _("Times"), lambda row: row.observations, sort="observations", kind=Kind.NUMBER),
        Column("assigned", _("Assigned to"), lambda row: row.assigned_to, shown=False),
        Column("first", _("First observed"), lambda row: row.first_observed_at, shown=False),
        Column("acted", _("First acted upon"), lambda row: row.acted_at, shown=False),
        Column("reason", _("Resolved as"), lambda row: row.get_resolved_reason_display(), shown=False),
        Column("by", _("Resolved by"), lambda row: row.resolved_by, shown=False),
        Column("id", _("ID"), lambda row: str(row.pk), shown=False),
    ],
    filters=[
        Filter(
            "status",
            _("Status"),
            "status",
            lambda rows: [("unresolved", _("Not resolved")), *alert_statuses()],
            narrow=_narrow_status,
        ),
        Filter("severity", _("Severity"), "severity", lambda rows: levels()),
        Filter("kind", _("Alert"), "kind", lambda rows: alert_kinds()),
    ],
)
