"""The catalog: offers and their categories, products, SKUs, availabilities, promotions."""

from datetime import datetime

from msgspec import UNSET, UnsetType

from api.structs.base import Attributes, Link, Links, Shape


class OfferCategory(Shape, frozen=True):
    id: str
    name: str
    rank: int
    locale: str
    country: str
    attributes: Attributes = Attributes(object_type="OfferCategory")


class OfferProduct(Shape, frozen=True):
    id: str
    name: str
    unit: str


class Offer(Shape, frozen=True):
    """A SKU as the older resources know it. `prerequisite_offers` is filled for add-ons only."""

    id: str
    name: str
    description: str
    minimum_quantity: int
    maximum_quantity: int
    rank: int
    uri: str
    locale: str
    country: str
    category: OfferCategory
    prerequisite_offers: list[str]
    is_add_on: bool
    is_available_for_purchase: bool
    billing: str
    is_auto_renewable: bool
    product: OfferProduct
    unit_type: str
    links: Links
    attributes: Attributes = Attributes(object_type="Offer")


class ItemType(Shape, frozen=True):
    id: str
    display_name: str


class ProductLinks(Links, frozen=True):
    skus: Link | UnsetType = UNSET


class Product(Shape, frozen=True):
    id: str
    title: str
    description: str
    product_type: ItemType
    is_microsoft_product: bool
    publisher_name: str
    links: ProductLinks
    attributes: Attributes = Attributes(object_type="Product")


class SkuLinks(Links, frozen=True):
    availabilities: Link | UnsetType = UNSET


class Sku(Shape, frozen=True):
    id: str
    product_id: str
    title: str
    description: str
    minimum_quantity: int
    maximum_quantity: int
    is_trial: bool
    supported_billing_cycles: list[str]
    purchase_prerequisites: list[str]
    inventory_variables: list[str]
    provisioning_variables: list[str]
    dynamic_attributes: dict[str, str | bool | list[str]]
    links: SkuLinks
    attributes: Attributes = Attributes(object_type="Sku")


class Currency(Shape, frozen=True):
    code: str
    symbol: str


class Term(Shape, frozen=True):
    duration: str
    description: str


class Availability(Shape, frozen=True):
    id: str
    product_id: str
    sku_id: str
    catalog_item_id: str
    default_currency: Currency
    segment: str
    country: str
    is_purchasable: bool
    is_renewable: bool
    terms: list[Term]
    product: Product
    sku: Sku
    links: Links
    attributes: Attributes = Attributes(object_type="Availability")


class PromotionProperties(Shape, frozen=True):
    is_auto_applicable: bool


class PromotionTerm(Shape, frozen=True):
    duration: str
    billing_cycle: str


class PricingPolicy(Shape, frozen=True):
    """`value` is a fraction: 0.05 takes five per cent off."""

    policy_type: str
    value: str


class RequiredProduct(Shape, frozen=True):
    product_id: str
    sku_id: str
    term: PromotionTerm
    pricing_policies: list[PricingPolicy]


class Promotion(Shape, frozen=True):
    id: str
    name: str
    description: str
    start_date: datetime
    end_date: datetime
    properties: PromotionProperties
    required_products: list[RequiredProduct]
    attributes: Attributes = Attributes(object_type="ProductPromotion")
