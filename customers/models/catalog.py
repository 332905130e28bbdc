"""What partners may sell: products, their SKUs (which the older resources call offers), where, and for how much."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext_lazy as _

from customers.models.subscription import USAGE, billing_cycles, term_durations


class ProductType(models.TextChoices):
    ONLINE_SERVICES = "OnlineServices", _("Online services")
    AZURE = "Azure", "Azure"


class OfferCategory(models.TextChoices):
    """In the order of their rank."""

    ENTERPRISE = "Enterprise_Key", _("Enterprise")
    SMALL_BUSINESS = "SmallBusiness_Key", _("Small business")
    CLOUD = "Azure_Key", _("Cloud infrastructure")

    @property
    def rank(self) -> int:
        return 20 + 10 * list(OfferCategory).index(self)


class Segment(models.TextChoices):
    """Named on the wire only."""

    COMMERCIAL = "commercial"
    EDUCATION = "education"
    GOVERNMENT = "government"
    NONPROFIT = "nonprofit"


def product_types() -> list[tuple[str, Any]]:
    return list(ProductType.choices)


def offer_categories() -> list[tuple[str, Any]]:
    return list(OfferCategory.choices)


def segments() -> list[tuple[str, Any]]:
    return list(Segment.choices)


class ProductQuerySet(models.QuerySet["Product"]):
    def sold_in(self, country: str, segment: str = "") -> Self:
        return self.filter(Exists(_available(country, segment, sku__product=OuterRef("pk"))))


class Product(models.Model):
    id = models.CharField(primary_key=True, max_length=20)
    title = models.CharField(max_length=120)
    description = models.CharField(max_length=500)
    product_type = models.CharField(max_length=20, choices=product_types)
    publisher_name = models.CharField(max_length=80)
    is_microsoft_product = models.BooleanField(default=True)

    objects = ProductQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class SkuQuerySet(models.QuerySet["Sku"]):
    def sold_in(self, country: str, segment: str = "") -> Self:
        return self.filter(Exists(_available(country, segment, sku=OuterRef("pk"))))

    def with_prices(self, currency: str) -> Self:
        """`prices.all()` of these holds this currency's prices only."""
        return self.prefetch_related("prerequisites", Prefetch("prices", Price.objects.filter(currency_code=currency)))


class Sku(models.Model):
    """One shape of a product. `id` is the offer's: product and SKU, as in `CFQ7TTC0LF8R:0001`."""

    id = models.CharField(primary_key=True, max_length=40)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="skus")
    sku_id = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    description = models.CharField(max_length=500)
    category = models.CharField(max_length=20, choices=offer_categories)
    rank = models.PositiveSmallIntegerField()
    minimum_quantity = models.PositiveIntegerField(default=1)
    maximum_quantity = models.PositiveIntegerField()
    unit_type = models.CharField(max_length=30, default="Licenses")
    is_trial = models.BooleanField(default=False)
    prerequisites = models.ManyToManyField(
        "self", symmetrical=False, related_name="add_ons", help_text="An add-on needs a subscription to one of these."
    )

    objects = SkuQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "id"]
        constraints = [models.UniqueConstraint(fields=["product", "sku_id"], name="one_sku_id_a_product")]

    def __str__(self) -> str:
        return self.title

    @property
    def usage_based(self) -> bool:
        return self.unit_type == USAGE


class Availability(models.Model):
    """In this market and segment the SKU can be bought. Its id is unique within the SKU only."""

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="availabilities")
    availability_id = models.CharField(max_length=20)
    country = models.CharField(max_length=2)
    segment = models.CharField(max_length=12, choices=segments, default=Segment.COMMERCIAL)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "availabilities"
        constraints = [
            models.UniqueConstraint(fields=["sku", "availability_id"], name="one_availability_id_a_sku"),
            models.UniqueConstraint(fields=["sku", "country", "segment"], name="one_availability_a_market"),
        ]

    def __str__(self) -> str:
        return self.catalog_item_id

    @property
    def catalog_item_id(self) -> str:
        """What carts and orders name: product, SKU and availability."""
        return f"{self.sku_id}:{self.availability_id}"


class Price(models.Model):
    """What one unit costs for one billing period, in minor units. A term and cycle without a row is not sold."""

    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="prices")
    currency_code = models.CharField(max_length=3)
    term_duration = models.CharField(max_length=4, choices=term_durations)
    billing_cycle = models.CharField(max_length=10, choices=billing_cycles)
    unit_price = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "currency_code", "term_duration", "billing_cycle"], name="one_price_a_term_and_cycle"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.term_duration} {self.billing_cycle}"


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def in_force(self, now: datetime) -> Self:
        return self.filter(start_date__lte=now, end_date__gt=now)


class Promotion(models.Model):
    """A discount on one SKU bought for one term and cycle. One that is auto-applicable lowers the price by itself."""

    id = models.CharField(primary_key=True, max_length=60)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="promotions")
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500)
    start_date = models.DateTimeField()
    end_date = models.DateTimeField()
    segment = models.CharField(max_length=12, choices=segments, default=Segment.COMMERCIAL)
    term_duration = models.CharField(max_length=4, choices=term_durations)
    billing_cycle = models.CharField(max_length=10, choices=billing_cycles)
    percent_discount = models.PositiveSmallIntegerField()
    is_auto_applicable = models.BooleanField(default=True)

    objects = PromotionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


def _available(country: str, segment: str, **of: Any) -> "models.QuerySet[Availability]":
    rows = Availability.objects.filter(country=country, **of)
    return rows.filter(segment=segment) if segment else rows
