"""The customer that a path names: one of the caller's own partner, or nobody's."""

from api.call import Call
from api.faults import not_found
from customers.models import Customer


def customer_of(call: Call) -> Customer:
    """Raises Fault: 404, also for another partner's."""
    rows = Customer.objects.visible_to(call.caller).select_related("billing_profile")
    customer = rows.filter(tenant_id=call.guid("customer_id", "The customer")).first()
    if customer is None:
        raise not_found("The customer")
    return customer
