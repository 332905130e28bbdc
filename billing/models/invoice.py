"""Invoices of a partner, and how many there are."""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from billing.money import Money


class DocumentType(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    ADJUSTMENT_NOTE = "adjustment_note", _("Adjustment note")
    VOID_NOTE = "void_note", _("Void note")


class InvoiceType(models.TextChoices):
    RECURRING = "Recurring", _("Recurring")
    ONE_TIME = "OneTime", _("One time")


class PaymentState(models.TextChoices):
    """Kept beside the amounts so that lists can filter on an index."""

    UNPAID = "unpaid", _("Unpaid")
    PARTLY_PAID = "partly_paid", _("Partly paid")
    PAID = "paid", _("Paid")


def document_types() -> list[tuple[str, Any]]:
    return list(DocumentType.choices)


def invoice_types() -> list[tuple[str, Any]]:
    return list(InvoiceType.choices)


def payment_states() -> list[tuple[str, Any]]:
    return list(PaymentState.choices)


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, user: Actor) -> Self:
        """The invoices of the user's own partner tenant."""
        return self.filter(partner_id=user.tenant_id)

    def with_providers(self) -> Self:
        """Adds `has_office`, `has_azure` and `has_one_time`: what the lines of each invoice are about."""
        lines = apps.get_model("billing", "LineItem").objects.filter(invoice=OuterRef("pk"))
        return self.annotate(
            has_office=Exists(lines.filter(billing_provider="office")),
            has_azure=Exists(lines.filter(billing_provider="azure")),
            has_one_time=Exists(lines.filter(billing_provider="one_time")),
        )

    def unpaid(self) -> Self:
        return self.exclude(payment_state=PaymentState.PAID)


class Invoice(models.Model):
    """Amounts are minor units of `currency_code`."""

    number = models.CharField(max_length=20, unique=True, help_text="The REST resource's id, such as G001234567.")
    partner = models.ForeignKey("accounts.PartnerTenant", on_delete=models.CASCADE, related_name="invoices")
    document_type = models.CharField(max_length=16, choices=document_types, default=DocumentType.INVOICE)
    invoice_type = models.CharField(max_length=10, choices=invoice_types, default=InvoiceType.RECURRING)
    invoice_date = models.DateTimeField()
    due_date = models.DateField()
    period_start = models.DateField()
    period_end = models.DateField()
    currency_code = models.CharField(max_length=3)
    total_charges = models.BigIntegerField()
    paid_amount = models.BigIntegerField(default=0)
    last_payment_date = models.DateTimeField(null=True, blank=True)
    payment_state = models.CharField(max_length=12, choices=payment_states, default=PaymentState.UNPAID)
    amends_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments")
    line_count = models.PositiveIntegerField(default=0)
    search_text = models.TextField(help_text="The number, folded for search.")

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["partner", "invoice_date", "id"], name="invoices_by_date"),
            models.Index(fields=["partner", "number", "id"], name="invoices_by_number"),
            models.Index(fields=["partner", "total_charges", "id"], name="invoices_by_total"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Money:
        return Money(self.total_charges, self.currency_code)

    @property
    def paid(self) -> Money:
        return Money(self.paid_amount, self.currency_code)

    @property
    def open_amount(self) -> Money:
        return Money(self.total_charges - self.paid_amount, self.currency_code)


class InvoiceCount(models.Model):
    """How many invoices a partner has, written with each new one."""

    partner = models.OneToOneField(
        "accounts.PartnerTenant", on_delete=models.CASCADE, primary_key=True, related_name="invoice_count"
    )
    total = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.total)
