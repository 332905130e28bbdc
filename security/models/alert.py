"""Security alerts, with the fields of Microsoft Graph's partner security alert, and what people wrote on them."""

import uuid
from typing import Self

from django.db import models

from accounts.actors import Actor
from accounts.models import PartnerTenant
from security.kinds import AlertStatus, alert_kinds, alert_statuses, levels, resolved_reasons


class SecurityAlertQuerySet(models.QuerySet["SecurityAlert"]):
    def visible_to(self, user: Actor) -> Self:
        return self.filter(tenant_id=user.tenant_id)

    def unresolved(self) -> Self:
        return self.exclude(status=AlertStatus.RESOLVED)


class SecurityAlert(models.Model):
    """Something that was found and wants a person's judgement. Written by `security.alerts` and by triage alone.

    `condition` says whom or what it is about (a person's key and network, an actor, an application): the same one
    going on is one alert, whose `observations` and `last_observed_at` move on. `details` holds no secrets.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(PartnerTenant, on_delete=models.CASCADE, related_name="security_alerts")
    kind = models.CharField(max_length=24, choices=alert_kinds)
    condition = models.CharField(max_length=320)
    severity = models.CharField(max_length=13, choices=levels)
    confidence = models.CharField(max_length=13, choices=levels)
    status = models.CharField(max_length=13, choices=alert_statuses, default=AlertStatus.ACTIVE)
    first_observed_at = models.DateTimeField()
    last_observed_at = models.DateTimeField()
    observations = models.PositiveBigIntegerField()
    detected_at = models.DateTimeField()
    acted_at = models.DateTimeField(null=True, blank=True, help_text="When a person first acted upon it.")
    assigned_to = models.CharField(max_length=255, blank=True, help_text="Who took it up.")
    resolved_reason = models.CharField(max_length=10, choices=resolved_reasons, blank=True)
    resolved_by = models.CharField(max_length=255, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    affected_resources = models.JSONField(
        default=list, help_text="Names that people know: sign-in names, application ids."
    )
    details = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1, help_text="Moves on with each act of a person.")
    search_text = models.TextField()

    objects = SecurityAlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "condition", "first_observed_at"], name="one_alert_a_finding"
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "detected_at", "id"], name="alerts_by_detection"),
            models.Index(fields=["tenant", "last_observed_at", "id"], name="alerts_by_last_sight"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.condition}"

    @property
    def is_resolved(self) -> bool:
        return self.status == AlertStatus.RESOLVED


class AlertNote(models.Model):
    """What somebody wrote on an alert. Notes are added, never changed."""

    alert = models.ForeignKey(SecurityAlert, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    created_by_name = models.CharField(max_length=255)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.created_by_name}: {self.text[:40]}"
