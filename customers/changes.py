"""What may be changed about a subscription, and when. Pure: values in, a reason or nothing out."""

from dataclasses import dataclass
from enum import StrEnum

from customers.models.subscription import SubscriptionStatus

LARGEST_QUANTITY = 10_000_000
"""Where the catalog, which may no longer list the offer, says nothing."""


class ChangeRefusal(StrEnum):
    ENDED = "ended"
    STATUS = "status"
    NOT_ACTIVE = "not-active"
    QUANTITY_BY_USE = "quantity-by-use"
    QUANTITY_OUT_OF_RANGE = "quantity-out-of-range"
    PARENT_NOT_ACTIVE = "parent-not-active"


@dataclass(frozen=True, slots=True)
class Standing:
    """The subscription as it is. `parent_active` is true for one that is no add-on."""

    status: str
    quantity: int
    usage_based: bool = False
    minimum_quantity: int = 1
    maximum_quantity: int = LARGEST_QUANTITY
    parent_active: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """What it should be; None leaves it as it is."""

    friendly_name: str | None = None
    quantity: int | None = None
    status: str | None = None
    auto_renew_enabled: bool | None = None


def refusal(standing: Standing, change: Change) -> ChangeRefusal | None:
    """Why the change is refused, None when it may be made. What it repeats is not a change."""
    switchable = {SubscriptionStatus.ACTIVE.value, SubscriptionStatus.SUSPENDED.value}
    if standing.status not in switchable:
        return ChangeRefusal.ENDED
    status = change.status or standing.status
    if status not in switchable:
        return ChangeRefusal.STATUS
    if status != standing.status and status == SubscriptionStatus.ACTIVE and not standing.parent_active:
        return ChangeRefusal.PARENT_NOT_ACTIVE
    if change.quantity is not None and change.quantity != standing.quantity:
        return _quantity_refusal(standing, change.quantity, stays_active=status == standing.status == "active")
    return None


def _quantity_refusal(standing: Standing, quantity: int, *, stays_active: bool) -> ChangeRefusal | None:
    if standing.usage_based:
        return ChangeRefusal.QUANTITY_BY_USE
    if not stays_active:
        return ChangeRefusal.NOT_ACTIVE
    if not standing.minimum_quantity <= quantity <= standing.maximum_quantity:
        return ChangeRefusal.QUANTITY_OUT_OF_RANGE
    return None
