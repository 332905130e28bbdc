"""The rows of the registry, one module a resource."""

from api.operations import customers, offers, products, profiles, promotions, subscriptions

OPERATIONS = [
    *customers.OPERATIONS,
    *offers.OPERATIONS,
    *products.OPERATIONS,
    *profiles.OPERATIONS,
    *promotions.OPERATIONS,
    *subscriptions.OPERATIONS,
]
