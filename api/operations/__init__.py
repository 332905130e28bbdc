"""The rows of the registry, one module a resource."""

from api.operations import carts, customers, offers, orders, products, profiles, promotions, subscriptions

OPERATIONS = [
    *carts.OPERATIONS,
    *customers.OPERATIONS,
    *offers.OPERATIONS,
    *orders.OPERATIONS,
    *products.OPERATIONS,
    *profiles.OPERATIONS,
    *promotions.OPERATIONS,
    *subscriptions.OPERATIONS,
]
