"""Orders of a customer."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from api.enums import Given
from api.structs.base import Attributes, Link, Links, Shape
from api.structs.subscriptions import FriendlyName

Text = Annotated[str, Meta(max_length=60, pattern=r"^[^\x00-\x1f]*$")]
Quantity = Annotated[int, Meta(ge=1, le=10_000_000)]
PartnerId = Annotated[str, Meta(pattern=r"^([0-9]{5,10})?$")]
Context = Annotated[dict[Text, Text], Meta(max_length=20)]
TermName = Literal["", "P1M", "P1Y", "P3Y"]


class OrderLineLinks(Shape, frozen=True):
    subscription: Link
    sku: Link
    provisioning_status: Link


class Pricing(Shape, frozen=True):
    """For one unit and billing period, but `extended_price`, which is for the whole line."""

    list_price: float
    discounted_price: float
    prorated_price: float
    price: float
    extended_price: float


class OrderLine(Shape, frozen=True):
    line_item_number: int
    offer_id: str
    subscription_id: str
    term_duration: str
    transaction_type: str
    friendly_name: str
    quantity: int
    links: OrderLineLinks
    parent_subscription_id: str | UnsetType = UNSET
    partner_id_on_record: str | UnsetType = UNSET
    provisioning_context: dict[str, str] | UnsetType = UNSET
    promotion_id: str | UnsetType = UNSET
    pricing: Pricing | UnsetType = UNSET


class Order(Shape, frozen=True):
    """`total_price` and the lines' `pricing` are there when prices are asked for."""

    id: str
    alternate_id: str
    reference_customer_id: str
    billing_cycle: str
    currency_code: str
    currency_symbol: str
    line_items: list[OrderLine]
    creation_date: datetime
    status: str
    transaction_type: str
    links: Links
    total_price: float | UnsetType = UNSET
    attributes: Attributes = Attributes(object_type="Order")


class QuantityProvisioning(Shape, frozen=True):
    quantity: int
    status: str


class LineProvisioning(Shape, frozen=True):
    """`status` is `fulfilled`, or `prefulfillment_pending` until the line's subscription exists."""

    order_line_item_id: int
    line_item_number: int
    status: str
    quantity_provisioning_information: list[QuantityProvisioning]


class NewOrderLine(Shape, frozen=True):
    offer_id: Text
    quantity: Quantity
    friendly_name: FriendlyName | None = None
    term_duration: TermName | None = None
    partner_id_on_record: PartnerId | None = None
    parent_subscription_id: Text | None = None
    provisioning_context: Context | None = None


class NewOrder(Shape, frozen=True):
    """Currency, numbers and dates are the server's; what a client sends of them is passed over."""

    line_items: Annotated[list[NewOrderLine], Meta(min_length=1, max_length=100)]
    billing_cycle: Given | None = None
