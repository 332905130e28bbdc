"""The rows of the registry, one module a resource."""

from api.operations import (
    audit_records,
    carts,
    customers,
    incidents,
    invoices,
    offers,
    orders,
    partner_profiles,
    products,
    profiles,
    promotions,
    service_requests,
    standing,
    subscriptions,
    validations,
    webhooks,
)

OPERATIONS = [
    *audit_records.OPERATIONS,
    *carts.OPERATIONS,
    *customers.OPERATIONS,
    *incidents.OPERATIONS,
    *invoices.OPERATIONS,
    *offers.OPERATIONS,
    *orders.OPERATIONS,
    *partner_profiles.OPERATIONS,
    *products.OPERATIONS,
    *profiles.OPERATIONS,
    *promotions.OPERATIONS,
    *service_requests.OPERATIONS,
    *standing.OPERATIONS,
    *subscriptions.OPERATIONS,
    *validations.OPERATIONS,
    *webhooks.OPERATIONS,
]
