from customers.models.agreement import Agreement
from customers.models.budget import SpendingBudget
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
from customers.models.qualification import CustomerQualification, ValidationCode
from customers.models.subscription import BillingCycle, PastQuantity, Subscription, SubscriptionStatus, TermDuration

__all__ = [
    "Agreement",
    "Availability",
    "BillingCycle",
    "BillingProfile",
    "Cart",
    "CartLine",
    "CartStatus",
    "Contact",
    "Customer",
    "CustomerCount",
    "CustomerQualification",
    "OfferCategory",
    "Order",
    "OrderLine",
    "OrderStatus",
    "PastQuantity",
    "Price",
    "Product",
    "ProductType",
    "Promotion",
    "Relationship",
    "Segment",
    "Sku",
    "SpendingBudget",
    "Subscription",
    "SubscriptionStatus",
    "TermDuration",
    "ValidationCode",
]
