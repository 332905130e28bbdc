"""Where a partner's own service hears of changes, and the outbox that it is told from."""

import uuid
from enum import StrEnum
from typing import Any, Self

from django.db import models

from accounts.actors import Actor


class Event(StrEnum):
    """The names of the API's clients, `{resource}-{action}`: those that are sent. Usage is not measured here."""

    TEST = "test-created"
    SUBSCRIPTION_UPDATED = "subscription-updated"
    INVOICE_READY = "invoice-ready"


class Outcome(models.TextChoices):
    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


def outcomes() -> list[tuple[str, Any]]:
    return list(Outcome.choices)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: Actor) -> Self:
        """The registration of the user's own partner tenant."""
        return self.filter(partner_id=user.tenant_id)


class Registration(models.Model):
    """One a partner, as in the real API."""

    partner = models.OneToOneField(
        "accounts.PartnerTenant", on_delete=models.CASCADE, primary_key=True, related_name="webhook"
    )
    subscriber_id = models.UUIDField(default=uuid.uuid4, editable=False)
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list)
    signature_in_own_header = models.BooleanField(
        default=False, help_text="In X-MS-Signature, for receivers whose platform takes Authorization away."
    )
    changed_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0, help_text="Deliveries that failed in a row.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="No delivery before this moment.")
    leased_until = models.DateTimeField(null=True, blank=True, help_text="A process is delivering now.")

    objects = RegistrationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: Actor) -> Self:
        return self.filter(registration__partner_id=user.tenant_id)

    def waiting(self) -> Self:
        return self.filter(outcome=Outcome.PENDING)


class Delivery(models.Model):
    """One event for one partner, written in the transaction of the change itself: neither exists without the other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=60)
    resource_name = models.CharField(max_length=40)
    resource_uri = models.CharField(max_length=500)
    changed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=outcomes, default=Outcome.PENDING)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["changed_at", "id"]
        indexes = [
            models.Index(
                fields=["registration", "changed_at", "id"],
                name="webhook_waiting",
                condition=models.Q(outcome=Outcome.PENDING),
            ),
            models.Index(fields=["settled_at"], name="webhook_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.outcome}"


class Attempt(models.Model):
    """What became of one try."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    response_code = models.CharField(max_length=60, blank=True, help_text="As .NET names it: OK, NotFound.")
    response_message = models.CharField(max_length=300, blank=True)
    system_error = models.BooleanField(default=False, help_text="The receiver did not answer at all.")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.response_code or self.response_message
