"""How far a partner has been billed, and at which rate of tax."""

from decimal import Decimal

from django.db import models


class BillingAccount(models.Model):
    """Made when something is billed for the first time. Every charge after `billed_through` is on no invoice yet."""

    partner = models.OneToOneField(
        "accounts.PartnerTenant", on_delete=models.CASCADE, primary_key=True, related_name="billing_account"
    )
    billed_through = models.DateField()
    tax_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))

    def __str__(self) -> str:
        return f"billed through {self.billed_through}"
