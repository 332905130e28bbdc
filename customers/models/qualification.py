"""What kind of organization a customer is proven to be, and the codes that prove a government customer."""

from typing import Any, Self

from django.db import models

from accounts.actors import Actor
from customers.models.customer import Customer


class Qualification(models.TextChoices):
    EDUCATION = "Education"
    GOVERNMENT = "GovernmentCommunityCloud"
    STATE_OWNED = "StateOwnedEntity"


class Vetting(models.TextChoices):
    IN_REVIEW = "InReview"
    APPROVED = "Approved"
    DENIED = "Denied"


def qualifications() -> list[tuple[str, Any]]:
    return list(Qualification.choices)


def vettings() -> list[tuple[str, Any]]:
    return list(Vetting.choices)


class CustomerQualification(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="qualifications")
    qualification = models.CharField(max_length=30, choices=qualifications)
    vetting_status = models.CharField(max_length=10, choices=vettings, default=Vetting.IN_REVIEW)
    vetting_reason = models.CharField(max_length=200, blank=True)
    vetting_created_date = models.DateTimeField()

    class Meta:
        ordering = ["vetting_created_date", "id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "qualification"], name="one_row_a_customer_and_qualification")
        ]

    def __str__(self) -> str:
        return f"{self.qualification}: {self.vetting_status}"


class ValidationCodeQuerySet(models.QuerySet["ValidationCode"]):
    def visible_to(self, user: Actor) -> Self:
        return self.filter(partner_id=user.tenant_id)


class ValidationCode(models.Model):
    """Given to a partner for one government organization; each proof uses one up."""

    partner = models.ForeignKey("accounts.PartnerTenant", on_delete=models.CASCADE, related_name="validation_codes")
    validation_id = models.CharField(max_length=20)
    organization_name = models.CharField(max_length=120)
    max_creates = models.PositiveSmallIntegerField(default=5)
    remaining_creates = models.PositiveSmallIntegerField(default=5)

    objects = ValidationCodeQuerySet.as_manager()

    class Meta:
        ordering = ["validation_id"]
        constraints = [models.UniqueConstraint(fields=["partner", "validation_id"], name="one_code_a_partner")]

    def __str__(self) -> str:
        return f"{self.validation_id} {self.organization_name}"
