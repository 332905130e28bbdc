"""What proves the tax of an invoice."""

from django.db import models

from billing.models.invoice import Invoice
from billing.money import Money


class TaxReceipt(models.Model):
    """Issued with the invoice. Amounts are minor units of the invoice's currency, as its lines add up."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="tax_receipts")
    number = models.CharField(max_length=20, unique=True)
    taxable_amount = models.BigIntegerField()
    tax_total = models.BigIntegerField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number

    @property
    def taxable(self) -> Money:
        return Money(self.taxable_amount, self.invoice.currency_code)

    @property
    def tax(self) -> Money:
        return Money(self.tax_total, self.invoice.currency_code)
