"""Lines checked against the catalog of the customer's market, with the prices of the day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from customers.currencies import market_currency
from customers.models import Availability, Customer, Promotion, Sku, Subscription, SubscriptionStatus
from customers.purchase import Base, Item, Problem, Wanted, problem, term_of


@dataclass(frozen=True, slots=True)
class Quote:
    """`base` is the number of the line that this one adds to, `parent` the subscription. Prices in minor units."""

    number: int
    wanted: Wanted
    currency_code: str
    term_duration: str = ""
    base: int | None = None
    parent: Subscription | None = None
    sku: Sku | None = None
    list_price: int = 0
    unit_price: int = 0
    promotion_id: str = ""
    problem: Problem | None = None


def quoted(*, customer: Customer, lines: Sequence[Wanted], now: datetime) -> list[Quote]:
    """A quote for each line and add-on: add-ons follow their base, numbers count from 0."""
    numbered = list(_numbered(lines))
    currency = market_currency(customer.country)
    skus = _skus({wanted.offer_id for wanted, _base in numbered}, customer.country, currency)
    parents = _parents(customer, [wanted.parent_subscription_id for wanted, _base in numbered])
    promotions = _promotions(skus, now)
    quotes: list[Quote] = []
    for number, (wanted, base) in enumerate(numbered):
        sku, parent = skus.get(wanted.offer_id), parents.get(wanted.parent_subscription_id.lower())
        item = _item(sku, wanted)
        term = term_of(item, wanted)
        found = problem(item, wanted, _base(quotes, base, wanted, parent))
        if sku is None or found is not None:
            quotes.append(Quote(number, wanted, currency, term, base, parent, sku, problem=found))
            continue
        price = _price(sku, term, wanted.billing_cycle)
        promotion = promotions.get((sku.pk, term, wanted.billing_cycle))
        quotes.append(
            Quote(
                number,
                wanted,
                currency,
                term,
                base,
                parent,
                sku,
                list_price=price,
                unit_price=_reduced(price, promotion.percent_discount) if promotion else price,
                promotion_id=promotion.pk if promotion else "",
            )
        )
    return quotes


def _numbered(lines: Sequence[Wanted]) -> Iterable[tuple[Wanted, int | None]]:
    number = 0
    for line in lines:
        yield line, None
        base = number
        number += 1
        for add_on in line.add_ons:
            yield add_on, base
            number += 1


def _skus(offer_ids: set[str], country: str, currency: str) -> dict[str, Sku]:
    here = Prefetch("availabilities", Availability.objects.filter(country=country))
    return {sku.pk: sku for sku in Sku.objects.with_prices(currency).prefetch_related(here).filter(pk__in=offer_ids)}


def _parents(customer: Customer, given: Iterable[str]) -> dict[str, Subscription]:
    keys = [key for key in map(_guid, given) if key is not None]
    rows = customer.subscriptions.filter(pk__in=keys) if keys else ()
    return {str(row.pk): row for row in rows}


def _guid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def _promotions(skus: dict[str, Sku], now: datetime) -> dict[tuple[str, str, str], Promotion]:
    """The best of those that apply by themselves, by SKU, term and cycle."""
    best: dict[tuple[str, str, str], Promotion] = {}
    rows = Promotion.objects.in_force(now).filter(sku__in=list(skus), is_auto_applicable=True)
    for row in rows.order_by("percent_discount", "pk"):
        best[row.sku_id, row.term_duration, row.billing_cycle] = row
    return best


def _item(sku: Sku | None, wanted: Wanted) -> Item | None:
    if sku is None:
        return None
    here = {row.availability_id for row in sku.availabilities.all()}
    return Item(
        sold_here=wanted.availability_id in here if wanted.availability_id else bool(here),
        minimum_quantity=sku.minimum_quantity,
        maximum_quantity=sku.maximum_quantity,
        terms=frozenset((price.term_duration, price.billing_cycle) for price in sku.prices.all()),
        prerequisites=frozenset(each.pk for each in sku.prerequisites.all()),
    )


def _base(quotes: list[Quote], number: int | None, wanted: Wanted, parent: Subscription | None) -> Base | None:
    if number is not None:
        return Base(quotes[number].wanted.offer_id)
    if parent is not None:
        return Base(parent.offer_id, parent.status == SubscriptionStatus.ACTIVE)
    return Base("") if wanted.parent_subscription_id else None


def _price(sku: Sku, term: str, cycle: str) -> int:
    found = (price for price in sku.prices.all() if (price.term_duration, price.billing_cycle) == (term, cycle))
    return next(found).unit_price


def _reduced(price: int, percent: int) -> int:
    """Half a minor unit is rounded up."""
    return (price * (100 - percent) + 50) // 100


def groups(quotes: Iterable[Quote]) -> dict[str, list[Quote]]:
    """What goes into one order together, by billing cycle: an order has one."""
    found: dict[str, list[Quote]] = defaultdict(list)
    for quote in quotes:
        found[quote.wanted.billing_cycle].append(quote)
    return found
