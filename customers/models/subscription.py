"""What a customer has bought and how it renews."""

import uuid
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from customers.models.customer import Customer

USAGE = "Usage"
"""The unit type of what is charged by what was used, whatever the quantity."""


class SubscriptionStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    EXPIRED = "expired", _("Expired")
    DELETED = "deleted", _("Deleted")
    PENDING = "pending", _("Pending")
    DISABLED = "disabled", _("Disabled")


class TermDuration(models.TextChoices):
    """ISO 8601 durations, as the REST resource carries them."""

    MONTH = "P1M", _("1 month")
    YEAR = "P1Y", _("1 year")
    THREE_YEARS = "P3Y", _("3 years")


class BillingCycle(models.TextChoices):
    MONTHLY = "monthly", _("Monthly")
    ANNUAL = "annual", _("Annual")
    ONE_TIME = "one_time", _("One time")


def subscription_statuses() -> list[tuple[str, Any]]:
    return list(SubscriptionStatus.choices)


def term_durations() -> list[tuple[str, Any]]:
    return list(TermDuration.choices)


def billing_cycles() -> list[tuple[str, Any]]:
    return list(BillingCycle.choices)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def visible_to(self, user: Actor) -> Self:
        return self.filter(customer__partner_id=user.tenant_id)


class Subscription(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="subscriptions")
    offer_id = models.CharField(max_length=60)
    offer_name = models.CharField(max_length=120)
    friendly_name = models.CharField(max_length=120, blank=True)
    quantity = models.PositiveIntegerField()
    unit_type = models.CharField(max_length=30, default="Licenses")
    status = models.CharField(max_length=12, choices=subscription_statuses, default=SubscriptionStatus.ACTIVE)
    term_duration = models.CharField(max_length=4, choices=term_durations, default=TermDuration.YEAR)
    billing_cycle = models.CharField(max_length=10, choices=billing_cycles, default=BillingCycle.MONTHLY)
    auto_renew_enabled = models.BooleanField(default=True)
    creation_date = models.DateTimeField()
    effective_start_date = models.DateField()
    commitment_end_date = models.DateField(help_text="The day it renews, or ends when it does not.")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="add_ons", help_text="What an add-on adds to."
    )
    partner_id = models.CharField(max_length=20, blank=True, help_text="MPN id of the partner on record.")
    version = models.PositiveIntegerField(default=1, help_text="The ETag: raised by every change.")

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["commitment_end_date", "id"]
        indexes = [models.Index(fields=["customer", "commitment_end_date"], name="subscriptions_by_renewal")]

    def __str__(self) -> str:
        return self.friendly_name or self.offer_name

    @property
    def usage_based(self) -> bool:
        return self.unit_type == USAGE

    @property
    def counted(self) -> int:
        """How many units are paid for: none while it is suspended or over."""
        return self.quantity if self.status == SubscriptionStatus.ACTIVE else 0


class PastQuantity(models.Model):
    """How many units counted before a change: from the change before it, or the start, until this day began."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="past_quantities")
    until = models.DateField()
    quantity = models.PositiveIntegerField(help_text="None while it was suspended.")

    class Meta:
        ordering = ["until", "id"]
        verbose_name_plural = "past quantities"

    def __str__(self) -> str:
        return f"{self.quantity} until {self.until}"
