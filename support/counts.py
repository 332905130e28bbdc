"""How many customer requests a partner has and how many are open, without counting rows."""

from uuid import UUID

from django.db.models import F

from accounts.actors import Actor
from customers.models import Customer
from support.models import CustomerRequest, RequestCount


def request_counts(user: Actor) -> RequestCount:
    """Total and open; zeros for a partner that never had a request."""
    found = RequestCount.objects.filter(partner_id=user.tenant_id).first()
    return found or RequestCount(partner_id=user.tenant_id)


def requests_changed(partner_id: UUID, *, total: int = 0, opened: int = 0) -> None:
    """Call inside the transaction of the change."""
    RequestCount.objects.get_or_create(partner_id=partner_id)
    RequestCount.objects.filter(partner_id=partner_id).update(total=F("total") + total, open=F("open") + opened)


def requests_leave(customer: Customer) -> None:
    """The customer is about to be removed, and its requests with it."""
    rows = CustomerRequest.objects.filter(customer=customer)
    requests_changed(customer.partner_id, total=-rows.count(), opened=-rows.open().count())
