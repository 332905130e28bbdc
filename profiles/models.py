"""What a partner says of itself: one row a profile, with the columns that the profile has."""

from typing import Any, Self

from django.db import models

from accounts.actors import Actor


class Kind(models.TextChoices):
    ORGANIZATION = "organization"
    BILLING = "billing"
    SUPPORT = "support"
    NETWORK = "network"


def kinds() -> list[tuple[str, Any]]:
    return list(Kind.choices)


class ProfileQuerySet(models.QuerySet["Profile"]):
    def visible_to(self, user: Actor) -> Self:
        """The profiles of the user's own partner tenant."""
        return self.filter(partner_id=user.tenant_id)


class Profile(models.Model):
    """Columns that a kind of profile does not have stay empty."""

    partner = models.ForeignKey("accounts.PartnerTenant", on_delete=models.CASCADE, related_name="profiles")
    kind = models.CharField(max_length=12, choices=kinds)
    version = models.PositiveIntegerField(default=0, help_text="The ETag: raised by every change.")
    company_name = models.CharField(max_length=200, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    first_name = models.CharField(max_length=60, blank=True)
    last_name = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    phone_number = models.CharField(max_length=30, blank=True)
    website = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=80, blank=True, help_text="State, province or prefecture.")
    city = models.CharField(max_length=80, blank=True)
    address_line1 = models.CharField(max_length=120, blank=True)
    address_line2 = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, default="en")
    culture = models.CharField(max_length=10, default="en-US")
    purchase_order_number = models.CharField(max_length=40, blank=True)
    tax_id = models.CharField(max_length=40, blank=True)
    billing_currency = models.CharField(max_length=3, default="USD")
    mpn_id = models.CharField(max_length=10, blank=True, help_text="The number in the partner network.")

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "kind"], name="one_profile_a_partner_and_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.company_name}"
