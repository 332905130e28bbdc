"""What was ordered for a customer, at which price. Provisioning is immediate: an order's subscriptions exist."""

import uuid
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from customers.models.customer import Customer
from customers.models.subscription import Subscription, billing_cycles, term_durations


class OrderStatus(models.TextChoices):
    COMPLETED = "completed", _("Completed")
    PENDING = "pending", _("Pending")
    CANCELLED = "cancelled", _("Cancelled")


def order_statuses() -> list[tuple[str, Any]]:
    return list(OrderStatus.choices)


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: Actor) -> Self:
        return self.filter(customer__partner_id=user.tenant_id)


class Order(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="orders")
    billing_cycle = models.CharField(max_length=10, choices=billing_cycles)
    currency_code = models.CharField(max_length=3)
    creation_date = models.DateTimeField()
    status = models.CharField(max_length=12, choices=order_statuses, default=OrderStatus.COMPLETED)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-creation_date", "id"]
        indexes = [models.Index(fields=["customer", "-creation_date"], name="orders_by_age")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def items(self) -> str:
        """What was ordered, in one line."""
        return ", ".join(f"{line.quantity}\N{NO-BREAK SPACE}× {line.friendly_name}" for line in self.lines.all())


class OrderLine(models.Model):
    """Prices are those of the day, in minor units of the order's currency, for one unit and billing period."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField(help_text="Counts from 0 within the order.")
    subscription = models.OneToOneField(Subscription, on_delete=models.CASCADE, related_name="order_line")
    offer_id = models.CharField(max_length=60)
    friendly_name = models.CharField(max_length=120)
    quantity = models.PositiveIntegerField()
    term_duration = models.CharField(max_length=4, choices=term_durations)
    list_price = models.PositiveBigIntegerField()
    unit_price = models.PositiveBigIntegerField(help_text="The list price less what a promotion takes off.")
    promotion_id = models.CharField(max_length=60, blank=True)
    partner_id_on_record = models.CharField(max_length=20, blank=True)
    provisioning_context = models.JSONField(default=dict)

    class Meta:
        ordering = ["order", "number"]
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="one_line_number_an_order")]

    def __str__(self) -> str:
        return self.friendly_name
