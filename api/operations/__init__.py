"""The rows of the registry, one module a resource."""

from api.operations import (
    carts,
    customers,
    invoices,
    offers,
    orders,
    partner_profiles,
    products,
    profiles,
    promotions,
    subscriptions,
)

OPERATIONS = [
    *carts.OPERATIONS,
    *customers.OPERATIONS,
    *invoices.OPERATIONS,
    *offers.OPERATIONS,
    *orders.OPERATIONS,
    *partner_profiles.OPERATIONS,
    *products.OPERATIONS,
    *profiles.OPERATIONS,
    *promotions.OPERATIONS,
    *subscriptions.OPERATIONS,
]
