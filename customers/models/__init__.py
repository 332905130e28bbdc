from customers.models.cart import Cart, CartLine, CartStatus
from customers.models.catalog import (
    Availability,
    OfferCategory,
    Price,
    Product,
    ProductType,
    Promotion,
    Segment,
    Sku,
)
from customers.models.contact import Contact
from customers.models.customer import BillingProfile, Customer, CustomerCount, Relationship
from customers.models.order import Order, OrderLine, OrderStatus
from customers.models.subscription import BillingCycle, Subscription, SubscriptionStatus, TermDuration

__all__ = [
    "Availability",
    "BillingCycle",
    "BillingProfile",
    "Cart",
    "CartLine",
    "CartStatus",
    "Contact",
    "Customer",
    "CustomerCount",
    "OfferCategory",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Price",
    "Product",
    "ProductType",
    "Promotion",
    "Relationship",
    "Segment",
    "Sku",
    "Subscription",
    "SubscriptionStatus",
    "TermDuration",
]
