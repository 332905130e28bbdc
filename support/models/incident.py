"""Service health (M2): incidents of the platform's services, the same for every partner."""

import uuid
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor


class IncidentStatus(models.TextChoices):
    """The REST resource's values; `normal` is an incident that is over."""

    CRITICAL = "critical", _("Critical")
    WARNING = "warning", _("Warning")
    INFORMATION = "information", _("Information")
    NORMAL = "normal", _("Resolved")


def incident_statuses() -> list[tuple[str, Any]]:
    return list(IncidentStatus.choices)


class ServiceIncidentQuerySet(models.QuerySet["ServiceIncident"]):
    def visible_to(self, user: Actor) -> Self:
        """All: everybody of a partner tenant reads service health (M2)."""
        return self.all() if user.tenant_id else self.none()

    def unresolved(self) -> Self:
        return self.exclude(status=IncidentStatus.NORMAL)


class ServiceIncident(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=12, unique=True)
    workload = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    impact = models.TextField()
    status = models.CharField(max_length=12, choices=incident_statuses)
    start_time = models.DateTimeField()
    end_time = models.DateTimeField(null=True, blank=True)
    last_updated_time = models.DateTimeField()
    search_text = models.TextField()

    objects = ServiceIncidentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["last_updated_time", "id"], name="incidents_by_change"),
            models.Index(fields=["start_time", "id"], name="incidents_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class IncidentUpdate(models.Model):
    incident = models.ForeignKey(ServiceIncident, on_delete=models.CASCADE, related_name="updates")
    text = models.TextField()
    posted_at = models.DateTimeField()

    class Meta:
        ordering = ["-posted_at", "-id"]

    def __str__(self) -> str:
        return self.text[:60]
