"""Where people and applications come from, and how far the logs were read for alerts."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from django.db import models

from accounts.models import PartnerTenant
from security.kinds import AlertStatus, ResolvedReason
from security.models.alert import SecurityAlert


class Source(StrEnum):
    SIGN_INS = "sign-ins"
    ROLE_CHANGES = "role-changes"
    CALLS = "calls"


def sources() -> list[tuple[str, Any]]:
    return [(source.value, source.name) for source in Source]


class KnownPlaceQuerySet(models.QuerySet["KnownPlace"]):
    def trusted(self) -> Self:
        """Those nothing was said about, and those somebody judged to be in order: the rest is not known yet."""
        judged = models.Q(
            alert__status=AlertStatus.RESOLVED,
            alert__resolved_reason__in=[ResolvedReason.LEGITIMATE, ResolvedReason.IGNORE],
        )
        return self.filter(models.Q(alert=None) | judged)

    def unseen_since(self, moment: datetime) -> Self:
        return self.filter(last_seen_at__lt=moment)


class KnownPlace(models.Model):
    """A network, and for people a kind of browser, that somebody was seen at. Forgotten when unseen for 30 days."""

    tenant = models.ForeignKey(PartnerTenant, on_delete=models.CASCADE, related_name="known_places")
    subject = models.CharField(max_length=255, help_text="`person` or `application`, and its key.")
    network = models.CharField(max_length=50)
    device = models.CharField(max_length=100, blank=True, help_text="Empty for applications.")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(db_index=True)
    alert = models.ForeignKey(
        SecurityAlert, null=True, on_delete=models.CASCADE, related_name="places", help_text="The one raised about it."
    )

    objects = KnownPlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "subject", "network", "device"], name="one_row_a_known_place")
        ]
        ordering = ["first_seen_at", "id"]

    def __str__(self) -> str:
        return f"{self.subject} {self.network} {self.device}"


class Watermark(models.Model):
    """Until when a source was read. What lies before `alerts_from` is learned from, and no more a reason for alerts."""

    source = models.CharField(max_length=12, choices=sources, primary_key=True)
    read_until = models.DateTimeField()
    alerts_from = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.source} until {self.read_until:%Y-%m-%d %H:%M:%S}"
