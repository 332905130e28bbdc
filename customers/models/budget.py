"""How much a customer may use up in a month before the partner is told."""

from django.db import models

from customers.models.customer import Customer


class SpendingBudget(models.Model):
    """`amount` in minor units of `currency_code`."""

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="spending_budget"
    )
    amount = models.BigIntegerField()
    currency_code = models.CharField(max_length=3)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency_code}"
