"""What is about to be ordered for a customer: kept a short while, checked against the catalog line by line."""

import uuid
from typing import Any, Self

from django.db import models

from accounts.actors import Actor
from customers.models.customer import Customer
from customers.models.subscription import term_durations


class CartStatus(models.TextChoices):
    """Named on the wire only."""

    ACTIVE = "Active"
    ORDERED = "Ordered"


def cart_statuses() -> list[tuple[str, Any]]:
    return list(CartStatus.choices)


class CartQuerySet(models.QuerySet["Cart"]):
    def visible_to(self, user: Actor) -> Self:
        return self.filter(customer__partner_id=user.tenant_id)


class Cart(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="carts")
    status = models.CharField(max_length=10, choices=cart_statuses, default=CartStatus.ACTIVE)
    creation_timestamp = models.DateTimeField()
    last_modified_timestamp = models.DateTimeField()
    expiration_timestamp = models.DateTimeField()
    last_modified_user = models.CharField(max_length=254)
    version = models.PositiveIntegerField(default=1, help_text="The ETag: raised by every change.")

    objects = CartQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["customer", "status", "expiration_timestamp"], name="carts_by_expiry")]

    def __str__(self) -> str:
        return str(self.id)


class CartLine(models.Model):
    """As it was asked for. `base` is the line of the same cart that an add-on belongs to."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    base = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="add_ons")
    catalog_item_id = models.CharField(max_length=60)
    friendly_name = models.CharField(max_length=120, blank=True)
    quantity = models.PositiveIntegerField()
    currency_code = models.CharField(max_length=3)
    billing_cycle = models.CharField(max_length=10, help_text="Also one that the catalog does not sell.")
    term_duration = models.CharField(max_length=4, choices=term_durations, blank=True)
    partner_id_on_record = models.CharField(max_length=20, blank=True)
    provisioning_context = models.JSONField(default=dict)
    order_group = models.CharField(max_length=10)
    problem = models.CharField(max_length=30, blank=True, help_text="Why it cannot be ordered.")

    class Meta:
        ordering = ["cart", "number"]
        constraints = [models.UniqueConstraint(fields=["cart", "number"], name="one_line_number_a_cart")]

    def __str__(self) -> str:
        return self.friendly_name or self.catalog_item_id
