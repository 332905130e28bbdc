"""What somebody wants to buy, and whether the catalog sells it like that. Pure: values in, a reason or nothing out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from customers.models.subscription import BillingCycle, TermDuration

_PARENT = "parentsubscriptionid"


class Problem(StrEnum):
    UNKNOWN_ITEM = "unknown-item"
    NOT_SOLD_HERE = "not-sold-here"
    BILLING_CYCLE = "billing-cycle"
    TERM = "term"
    QUANTITY = "quantity"
    BASE_MISSING = "base-missing"
    BASE_UNRELATED = "base-unrelated"
    BASE_NOT_ACTIVE = "base-not-active"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line. `catalog_item_id` is product, SKU and availability, or the offer: product and SKU.

    `add_ons` are bought for the subscription that this line becomes; an add-on to one that exists names it in the
    provisioning context, as ParentSubscriptionId.
    """

    catalog_item_id: str
    quantity: int
    billing_cycle: str = BillingCycle.MONTHLY.value
    term_duration: str = ""
    friendly_name: str = ""
    partner_id_on_record: str = ""
    provisioning_context: Mapping[str, str] = field(default_factory=dict)
    add_ons: "tuple[Wanted, ...]" = ()

    @property
    def offer_id(self) -> str:
        return ":".join(self.catalog_item_id.upper().split(":")[:2])

    @property
    def availability_id(self) -> str:
        return ":".join(self.catalog_item_id.upper().split(":")[2:])

    @property
    def parent_subscription_id(self) -> str:
        context = self.provisioning_context.items()
        return next((value for name, value in context if name.lower() == _PARENT), "")


@dataclass(frozen=True, slots=True)
class Item:
    """What the catalog says of an item in one market. `terms` are the pairs of term and cycle that have a price."""

    sold_here: bool
    minimum_quantity: int
    maximum_quantity: int
    terms: frozenset[tuple[str, str]]
    prerequisites: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Base:
    """What an add-on would add to."""

    offer_id: str
    active: bool = True


def term_of(item: Item | None, wanted: Wanted) -> str:
    """The term wanted; where none is named a year if that is sold, else the shortest. Empty where nothing is sold."""
    if wanted.term_duration or item is None:
        return wanted.term_duration
    preferred = (TermDuration.YEAR, TermDuration.MONTH, TermDuration.THREE_YEARS)
    return next((term.value for term in preferred if (term.value, wanted.billing_cycle) in item.terms), "")


def problem(item: Item | None, wanted: Wanted, base: Base | None) -> Problem | None:
    """Why the line cannot be ordered, None when it can."""
    if item is None:
        return Problem.UNKNOWN_ITEM
    if not item.sold_here:
        return Problem.NOT_SOLD_HERE
    if wanted.billing_cycle not in {cycle for _term, cycle in item.terms}:
        return Problem.BILLING_CYCLE
    if (term_of(item, wanted), wanted.billing_cycle) not in item.terms:
        return Problem.TERM
    if not item.minimum_quantity <= wanted.quantity <= item.maximum_quantity:
        return Problem.QUANTITY
    return _base_problem(item, base)


def _base_problem(item: Item, base: Base | None) -> Problem | None:
    if base is None:
        return Problem.BASE_MISSING if item.prerequisites else None
    if base.offer_id not in item.prerequisites:
        return Problem.BASE_UNRELATED
    return None if base.active else Problem.BASE_NOT_ACTIVE
