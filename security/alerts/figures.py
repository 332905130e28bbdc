"""The figures of the alerts' tiles."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.utils.translation import gettext as _

from accounts.actors import Actor
from security.kinds import AlertStatus
from security.models import SecurityAlert

_MONTH, _WEEK = timedelta(days=30), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Figures:
    """`response` is the average time from detection to the first act upon the alerts detected in the last 30 days."""

    total: int
    unresolved: int
    resolved: int
    new: int
    response: timedelta | None

    @property
    def response_text(self) -> str:
        return duration_text(self.response) if self.response is not None else "—"


def figures(user: Actor, *, now: datetime) -> Figures:
    """One query."""
    took = ExpressionWrapper(F("acted_at") - F("detected_at"), output_field=DurationField())
    settled = Q(status=AlertStatus.RESOLVED)
    found = SecurityAlert.objects.visible_to(user).aggregate(
        total=Count("pk"),
        resolved=Count("pk", filter=settled),
        new=Count("pk", filter=Q(detected_at__gt=now - _WEEK)),
        response=Avg(took, filter=Q(detected_at__gt=now - _MONTH, acted_at__isnull=False)),
    )
    return Figures(unresolved=found["total"] - found["resolved"], **found)


def duration_text(took: timedelta) -> str:
    """The two largest units, without what is shorter than a minute."""
    minutes = max(0, round(took.total_seconds() / 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)s min") % {"minutes": minutes} if minutes else _("under a minute")
