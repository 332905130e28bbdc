"""Carts, and what checking one out gives."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from api.enums import Given
from api.structs.base import Attributes, Links, Shape
from api.structs.orders import Context, Order, PartnerId, Quantity, TermName, Text
from api.structs.subscriptions import FriendlyName


class Participant(Shape, frozen=True):
    key: Text
    value: PartnerId


class CartError(Shape, frozen=True):
    error_code: str
    error_description: str


class CartLine(Shape, frozen=True):
    """`error` says why the line cannot be ordered as it is."""

    id: int
    catalog_item_id: str
    quantity: int
    currency_code: str
    billing_cycle: str
    order_group: str
    friendly_name: str | UnsetType = UNSET
    term_duration: str | UnsetType = UNSET
    participants: list[Participant] | UnsetType = UNSET
    provisioning_context: dict[str, str] | UnsetType = UNSET
    addon_items: "list[CartLine] | UnsetType" = UNSET
    error: CartError | UnsetType = UNSET


class Cart(Shape, frozen=True):
    id: str
    creation_timestamp: datetime
    last_modified_timestamp: datetime
    expiration_timestamp: datetime
    last_modified_user: str
    status: str
    line_items: list[CartLine]
    links: Links
    attributes: Attributes


class NewAddOn(Shape, frozen=True):
    catalog_item_id: Text
    quantity: Quantity
    friendly_name: FriendlyName | None = None
    billing_cycle: Given | None = None
    term_duration: TermName | None = None
    participants: list[Participant] | None = None
    provisioning_context: Context | None = None


class NewCartLine(NewAddOn, frozen=True):
    addon_items: Annotated[list[NewAddOn], Meta(max_length=20)] | None = None


class NewCart(Shape, frozen=True):
    """Identifiers, dates and currencies are the server's; what a client sends of them is passed over."""

    line_items: Annotated[list[NewCartLine], Meta(min_length=1, max_length=100)]


class CheckoutResult(Shape, frozen=True):
    orders: list[Order]
    attributes: Attributes = Attributes(object_type="CartCheckoutResult")
