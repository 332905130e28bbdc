"""The demo's catalog: what can be bought, in which markets, for how much, and what is cheaper for a while."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from customers.currencies import market_currency
from customers.markets import MARKETS
from customers.models import (
    Availability,
    BillingCycle,
    Price,
    Product,
    ProductType,
    Promotion,
    Sku,
    TermDuration,
)
from customers.models.subscription import USAGE
from partnercenter.demo.world import Demo, numbers

_LETTERS = "0123456789BCDFGHJKLMNPQRSTVWXZ"
# What one billing period costs, as a multiple of the price a month; who commits for a month only pays a fifth more.
_TERMS = {
    (TermDuration.MONTH, BillingCycle.MONTHLY): Decimal("1.2"),
    (TermDuration.YEAR, BillingCycle.MONTHLY): Decimal(1),
    (TermDuration.YEAR, BillingCycle.ANNUAL): Decimal(12),
    (TermDuration.THREE_YEARS, BillingCycle.ANNUAL): Decimal(12),
}


def seed_catalog(demo: Demo) -> None:
    if Product.objects.exists():
        return
    offers = [*demo.catalog["offers"], *demo.catalog["addOns"]]
    Product.objects.bulk_create([_product(offer) for offer in offers])
    skus = Sku.objects.bulk_create([_sku(offer, rank) for rank, offer in enumerate(offers, 1)])
    for sku, offer in zip(skus, offers, strict=True):
        sku.prerequisites.set(offer.get("prerequisites", ()))
    Availability.objects.bulk_create([_availability(sku, country) for sku in skus for country in MARKETS])
    Price.objects.bulk_create(
        [price for sku, offer in zip(skus, offers, strict=True) for price in _prices(demo, sku, offer)]
    )
    Promotion.objects.bulk_create([_promotion(demo, row) for row in demo.catalog["promotions"]])


def _product(offer: dict[str, Any]) -> Product:
    usage = offer["provider"] == "azure"
    return Product(
        id=offer["id"].partition(":")[0],
        title=offer["name"],
        description=offer["description"],
        product_type=ProductType.AZURE if usage else ProductType.ONLINE_SERVICES,
        publisher_name="Microsoft Corporation",
    )


def _sku(offer: dict[str, Any], rank: int) -> Sku:
    product_id, _colon, sku_id = offer["id"].partition(":")
    return Sku(
        id=offer["id"],
        product_id=product_id,
        sku_id=sku_id,
        title=offer["name"],
        description=offer["description"],
        category=offer["category"],
        rank=rank,
        maximum_quantity=offer["maximum"],
        unit_type=USAGE if offer["provider"] == "azure" else "Licenses",
    )


def _availability(sku: Sku, country: str) -> Availability:
    random = numbers("availability", sku.pk, country)
    return Availability(sku=sku, country=country, availability_id="CFQ7TTC0" + "".join(random.choices(_LETTERS, k=4)))


def _prices(demo: Demo, sku: Sku, offer: dict[str, Any]) -> list[Price]:
    """What is billed by use costs nothing to order."""
    sold = {(TermDuration.MONTH, BillingCycle.MONTHLY): Decimal(0)} if sku.usage_based else _TERMS
    rates = {currency: Decimal(rate) for currency, rate in demo.catalog["pricePerDollar"].items()}
    return [
        Price(
            sku=sku,
            currency_code=currency,
            term_duration=term,
            billing_cycle=cycle,
            unit_price=int((offer["price"] * rates[currency] * times).quantize(Decimal(1), rounding=ROUND_HALF_UP)),
        )
        for currency in sorted({market_currency(country) for country in MARKETS})
        for (term, cycle), times in sold.items()
    ]


def _promotion(demo: Demo, row: dict[str, Any]) -> Promotion:
    return Promotion(
        id=row["id"],
        sku_id=row["offer"],
        name=row["name"],
        description=row["description"],
        start_date=demo.now - timedelta(days=row["beganDaysAgo"]),
        end_date=demo.now + timedelta(days=row["endsInDays"]),
        term_duration=row["term"],
        billing_cycle=row["billingCycle"],
        percent_discount=row["percent"],
    )
