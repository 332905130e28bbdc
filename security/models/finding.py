"""Why MFA was missing, kept with the snapshot that found it."""

from datetime import date
from typing import Self

from django.db import models

from accounts.models import PartnerTenant
from activity.models import Channel
from security.causes.rules import Cause


def channels() -> list[tuple[str, str]]:
    return list(Channel.choices)


def causes() -> list[tuple[str, str]]:
    return [(cause.value, cause.name) for cause in Cause]


class FindingQuerySet(models.QuerySet["Finding"]):
    def in_window(self, today: date) -> Self:
        """Those that still keep a figure below 100 %."""
        return self.filter(clears_on__gt=today)


class Finding(models.Model):
    """Why one person could do something without MFA at one application, as the last look found (Q5)."""

    tenant = models.ForeignKey(PartnerTenant, on_delete=models.CASCADE, related_name="findings")
    channel = models.CharField(max_length=8, choices=channels)
    user_id = models.CharField(max_length=64)
    user_name = models.CharField(max_length=255)
    application_id = models.CharField(max_length=64, blank=True, help_text="Empty in the portal.")
    application_name = models.CharField(max_length=255, blank=True)
    cause = models.CharField(max_length=32, choices=causes)
    was = models.CharField(max_length=32, choices=causes, blank=True, help_text="The cause before all was well.")
    policy = models.CharField(max_length=256, blank=True)
    policy_id = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict, help_text="The values of the sentence and the evidence; no times.")
    signed_in_at = models.DateTimeField(null=True, help_text="The sign-in that the operations are owed to.")
    granted_at = models.DateTimeField(null=True, help_text="When the grant behind the last token was made.")
    until = models.DateTimeField(null=True, help_text="Until when security defaults let registration wait.")
    without = models.PositiveBigIntegerField(help_text="Operations without MFA in the window.")
    last_without_mfa_at = models.DateTimeField()
    clears_on = models.DateField(help_text="When the last of them has left the window.")
    found_at = models.DateTimeField()

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "channel", "application_id", "user_id"], name="one_finding_a_use")
        ]
        ordering = ["-without", "pk"]

    def __str__(self) -> str:
        return f"{self.user_name} {self.channel}: {self.cause}"
