"""Customers of a partner, their billing profile, and how many there are."""

import uuid
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from customers.names import full_name


class Relationship(models.TextChoices):
    RESELLER = "reseller", _("Reseller")
    ADVISOR = "advisor", _("Advisor")
    INDIRECT_RESELLER = "indirect_reseller", _("Through an indirect reseller")
    NONE = "none", _("Ended")


class CustomerState(models.TextChoices):
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    INACTIVE = "inactive", _("Inactive")


def relationships() -> list[tuple[str, Any]]:
    return list(Relationship.choices)


def customer_states() -> list[tuple[str, Any]]:
    return list(CustomerState.choices)


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: Actor) -> Self:
        """The customers of the user's own partner tenant."""
        return self.filter(partner_id=user.tenant_id)


class Customer(models.Model):
    """One organization as one partner sees it: two partners may serve the same `tenant_id` and share nothing."""

    tenant_id = models.UUIDField(default=uuid.uuid4, help_text="The customer's own directory; names it in addresses.")
    partner = models.ForeignKey("accounts.PartnerTenant", on_delete=models.CASCADE, related_name="customers")
    company_name = models.CharField(max_length=120)
    domain = models.CharField(max_length=253)
    email = models.EmailField(blank=True)
    country = models.CharField(max_length=2)
    relationship_to_partner = models.CharField(max_length=20, choices=relationships, default=Relationship.RESELLER)
    state = models.CharField(max_length=12, choices=customer_states, default=CustomerState.ACTIVE)
    associated_partner_id = models.CharField(max_length=20, blank=True, help_text="The indirect reseller's MPN id.")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text="The ETag: raised by every edit.")
    search_text = models.TextField(help_text="Name, domain and ids, folded for search.")

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "tenant_id"], name="one_customer_row_a_partner"),
            models.UniqueConstraint(fields=["partner", "domain"], name="one_customer_domain_a_partner"),
        ]
        indexes = [
            models.Index(fields=["partner", "company_name", "id"], name="customers_by_name"),
            models.Index(fields=["partner", "created_at", "id"], name="customers_by_age"),
            models.Index(fields=["partner", "country"], name="customers_by_country"),
        ]

    def __str__(self) -> str:
        return self.company_name


class BillingProfile(models.Model):
    """Whom invoices address. Field names are those of the REST resource."""

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="billing_profile"
    )
    first_name = models.CharField(max_length=60, blank=True)
    last_name = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    phone_number = models.CharField(max_length=30, blank=True)
    culture = models.CharField(max_length=10, default="en-US")
    language = models.CharField(max_length=5, default="en")
    address_line1 = models.CharField(max_length=120, blank=True)
    address_line2 = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True, help_text="State, province or prefecture.")
    postal_code = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return full_name(self.first_name, self.last_name)


class CustomerCount(models.Model):
    """How many customers a partner has, written with each change: a list never counts its rows."""

    partner = models.OneToOneField(
        "accounts.PartnerTenant", on_delete=models.CASCADE, primary_key=True, related_name="customer_count"
    )
    total = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.total)
