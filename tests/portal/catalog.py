"""Plain factories for the catalog, typed by hand: nothing here comes from the demo's files."""

from datetime import timedelta

from django.utils import timezone

from customers.models import Availability, Price, Product, Promotion, Sku

E3 = "CFQ7TTC0LF8R:0001"
COPILOT = "CFQ7TTC0MM8R:0002"
TERMS = (("P1M", "monthly", 4320), ("P1Y", "monthly", 3600), ("P1Y", "annual", 43200))


def make_offer(
    offer_id: str = E3,
    title: str = "Microsoft 365 E3",
    *,
    prices: tuple[tuple[str, str, int], ...] = TERMS,
    currency: str = "USD",
    countries: tuple[str, ...] = ("US",),
    needs: tuple[Sku, ...] = (),
    product_type: str = "OnlineServices",
    maximum: int = 1000,
    unit_type: str = "Licenses",
) -> Sku:
    """A product with one SKU on sale. Its availability ids are the country and a number: `US0000000001`."""
    product_id, _colon, sku_id = offer_id.partition(":")
    product, _made = Product.objects.get_or_create(
        id=product_id,
        defaults={"title": title, "description": "For offices.", "product_type": product_type,
                  "publisher_name": "Microsoft Corporation"},
    )  # fmt: skip
    sku = Sku.objects.create(
        id=offer_id, product=product, sku_id=sku_id, title=title, description="For offices.", rank=10,
        category="Enterprise_Key", maximum_quantity=maximum, unit_type=unit_type,
    )  # fmt: skip
    sku.prerequisites.set(needs)
    for country in countries:
        Availability.objects.create(sku=sku, country=country, availability_id=f"{country}0000000001")
    for term, cycle, amount in prices:
        Price.objects.create(
            sku=sku, currency_code=currency, term_duration=term, billing_cycle=cycle, unit_price=amount
        )
    return sku


def make_promotion(
    sku: Sku, number: int = 1, *, percent: int = 10, begins_in: int = -10, ends_in: int = 10, auto: bool = True
) -> Promotion:
    """On a year billed monthly; times are days from now."""
    now = timezone.now()
    return Promotion.objects.create(
        id=f"39NFJQT1PJQB:0001:{number:012}", sku=sku, name="Autumn", description="Less for a while.",
        start_date=now + timedelta(days=begins_in), end_date=now + timedelta(days=ends_in), term_duration="P1Y",
        billing_cycle="monthly", percent_discount=percent, is_auto_applicable=auto,
    )  # fmt: skip
