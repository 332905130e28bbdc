"""That a customer accepted an agreement, as the partner confirms it."""

from typing import Any

from django.db import models

from customers.models.customer import Customer


class AgreementType(models.TextChoices):
    CUSTOMER = "MicrosoftCustomerAgreement"
    CLOUD = "MicrosoftCloudAgreement"


def agreement_types() -> list[tuple[str, Any]]:
    return list(AgreementType.choices)


class Agreement(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="agreements")
    type = models.CharField(max_length=40, choices=agreement_types)
    template_id = models.UUIDField()
    date_agreed = models.DateTimeField()
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    email = models.EmailField()
    phone_number = models.CharField(max_length=30, blank=True)
    confirmed_by = models.CharField(max_length=64, help_text="The object id of the person who confirmed it.")

    class Meta:
        ordering = ["date_agreed", "id"]

    def __str__(self) -> str:
        return f"{self.type} {self.date_agreed:%Y-%m-%d}"
