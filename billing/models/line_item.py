"""What an invoice charges for: one row of the reconciliation file."""

from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from billing.models.invoice import Invoice
from billing.money import Money
from customers.models import Subscription


class BillingProvider(models.TextChoices):
    OFFICE = "office", _("Licenses")
    AZURE = "azure", _("Usage")
    ONE_TIME = "one_time", _("One time")


class ChargeType(models.TextChoices):
    NEW = "new", _("New")
    RENEW = "renew", _("Renewal")
    CYCLE = "cycle_charge", _("Cycle charge")
    ADD_QUANTITY = "add_quantity", _("Quantity added")
    REMOVE_QUANTITY = "remove_quantity", _("Quantity removed")
    CREDIT = "credit", _("Credit")


def billing_providers() -> list[tuple[str, Any]]:
    return list(BillingProvider.choices)


def charge_types() -> list[tuple[str, Any]]:
    return list(ChargeType.choices)


class LineItemQuerySet(models.QuerySet["LineItem"]):
    def visible_to(self, user: Actor) -> Self:
        return self.filter(invoice__partner_id=user.tenant_id)

    def with_subscription(self) -> Self:
        """Adds `subscription_start`, `subscription_end` and `billing_cycle` of the subscription, where it still is."""
        its = Subscription.objects.filter(pk=OuterRef("subscription_id"))
        return self.annotate(
            subscription_start=Subquery(its.values("effective_start_date")),
            subscription_end=Subquery(its.values("commitment_end_date")),
            billing_cycle=Subquery(its.values("billing_cycle")),
        )


class LineItem(models.Model):
    """Names are copied from the customer and the offer as they were: an invoice never changes afterwards."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="line_items")
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.SET_NULL, related_name="line_items")
    customer_name = models.CharField(max_length=120)
    subscription_id = models.UUIDField(null=True)
    billing_provider = models.CharField(max_length=10, choices=billing_providers, default=BillingProvider.OFFICE)
    charge_type = models.CharField(max_length=16, choices=charge_types, default=ChargeType.CYCLE)
    offer_id = models.CharField(max_length=60)
    offer_name = models.CharField(max_length=120)
    charge_start = models.DateField()
    charge_end = models.DateField()
    quantity = models.IntegerField()
    unit_price = models.BigIntegerField()
    subtotal = models.BigIntegerField()
    tax_total = models.BigIntegerField(default=0)
    total_for_customer = models.BigIntegerField()
    currency_code = models.CharField(max_length=3)
    search_text = models.TextField()

    objects = LineItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["invoice", "customer_name", "id"], name="line_items_by_customer"),
            models.Index(fields=["invoice", "total_for_customer", "id"], name="line_items_by_total"),
            models.Index(fields=["invoice", "billing_provider", "id"], name="line_items_by_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_name}, {self.customer_name}"

    @property
    def total(self) -> Money:
        return Money(self.total_for_customer, self.currency_code)

    @property
    def price(self) -> Money:
        return Money(self.unit_price, self.currency_code)

    @property
    def tax(self) -> Money:
        return Money(self.tax_total, self.currency_code)
