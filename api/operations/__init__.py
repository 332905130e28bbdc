"""The rows of the registry, one module a resource."""

from api.operations import (
    carts,
    customers,
    incidents,
    offers,
    orders,
    partner_profiles,
    products,
    profiles,
    promotions,
    service_requests,
    subscriptions,
)

OPERATIONS = [
    *carts.OPERATIONS,
    *customers.OPERATIONS,
    *incidents.OPERATIONS,
    *offers.OPERATIONS,
    *orders.OPERATIONS,
    *partner_profiles.OPERATIONS,
    *products.OPERATIONS,
    *profiles.OPERATIONS,
    *promotions.OPERATIONS,
    *service_requests.OPERATIONS,
    *subscriptions.OPERATIONS,
]
