"""Who is mailed about the security requirements status, and what about (Q1)."""

import uuid
from typing import Any, Self

from django.db import models
from django.utils.dates import WEEKDAYS

from accounts.actors import Actor
from accounts.models import PartnerTenant
from security.metrics import Measure


def weekdays() -> list[tuple[int, Any]]:
    """Monday is 0, as `datetime.date.weekday` counts."""
    return list(WEEKDAYS.items())


class MailSubscriptionQuerySet(models.QuerySet["MailSubscription"]):
    def visible_to(self, user: Actor) -> Self:
        return self.filter(tenant_id=user.tenant_id)

    def confirmed(self) -> Self:
        """Nobody else is ever mailed, but for the question itself."""
        return self.filter(confirmed_at__isnull=False)


class MailSubscription(models.Model):
    """One mail address of a tenant. It gets nothing before whoever reads its mail has confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(PartnerTenant, on_delete=models.CASCADE, related_name="mail_subscriptions")
    address = models.EmailField(help_text="In lower case.")
    language = models.CharField(max_length=16)
    weekly_on = models.PositiveSmallIntegerField(null=True, choices=weekdays)
    weekly_due_on = models.DateField(null=True, help_text="The day (UTC) of the next weekly summary.")
    thresholds = models.JSONField(default=dict, help_text="Percent by measure; one that is absent is not watched.")
    below = models.JSONField(default=dict, help_text="Measures that fell and have not recovered: the day last seen so.")
    judged_until = models.DateTimeField(null=True, help_text="When the last snapshot that was judged was taken.")
    added_by = models.CharField(max_length=255)
    asked_at = models.DateTimeField(help_text="When the confirmation was last mailed.")
    confirmation_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the token; empty once used.")
    confirmed_at = models.DateTimeField(null=True)

    objects = MailSubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "address"], name="one_subscription_an_address"),
        ]
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address

    @property
    def watched(self) -> dict[Measure, int]:
        """The thresholds in percent, in the order of the measures."""
        return {measure: self.thresholds[measure] for measure in Measure if measure in self.thresholds}
