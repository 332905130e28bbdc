"""The requests part of a customer's page."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from customers.models import Customer
from customers.sections import Section
from support.models import CustomerRequest


def _requests(user: User, customer: Customer) -> Sequence[CustomerRequest]:
    rows = CustomerRequest.objects.visible_to(user).filter(customer=customer)
    return list(rows.order_by("-last_modified_date", "-pk")[:6])


SECTION = Section("requests", "customer-requests", _("Requests"), "support/customer_section.html", _requests)
