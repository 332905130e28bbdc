"""Subscriptions of a customer, and whether they are provisioned and registered."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from api.enums import Given
from api.structs.base import Attributes, Link, Links, Shape

FriendlyName = Annotated[str, Meta(max_length=120, pattern=r"^[^\x00-\x1f]*$")]


class SubscriptionLinks(Links, frozen=True):
    offer: Link | UnsetType = UNSET
    parent_subscription: Link | UnsetType = UNSET


class Subscription(Shape, frozen=True):
    """`parent_subscription_id` is there for add-ons, `entitlement_id` for what is billed by use."""

    id: str
    offer_id: str
    offer_name: str
    friendly_name: str
    quantity: int
    unit_type: str
    creation_date: datetime
    effective_start_date: datetime
    commitment_end_date: datetime
    status: str
    auto_renew_enabled: bool
    billing_type: str
    billing_cycle: str
    term_duration: str
    contract_type: str
    links: SubscriptionLinks
    attributes: Attributes
    entitlement_id: str | UnsetType = UNSET
    parent_subscription_id: str | UnsetType = UNSET
    partner_id: str | UnsetType = UNSET
    order_id: str | UnsetType = UNSET


class SubscriptionChange(Shape, frozen=True):
    """The fields that can be written; clients send the whole resource. One that is null or left out stays."""

    friendly_name: FriendlyName | None = None
    quantity: int | None = None
    status: Given | None = None
    auto_renew_enabled: bool | None = None


class ProvisioningStatus(Shape, frozen=True):
    sku_id: str
    status: str
    quantity: int
    end_date: datetime
    attributes: Attributes = Attributes(object_type="SubscriptionProvisioningStatus")


class RegistrationStatus(Shape, frozen=True):
    subscription_id: str
    status: str
    attributes: Attributes = Attributes(object_type="SubscriptionRegistrationStatus")
