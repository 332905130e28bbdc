"""The invoices part of a customer's page."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from billing.models import Invoice
from customers.models import Customer
from customers.sections import Section


def _invoices(user: User, customer: Customer) -> Sequence[Invoice]:
    charged = customer.line_items.order_by().values("invoice_id")
    return list(Invoice.objects.visible_to(user).filter(pk__in=charged).order_by("-invoice_date", "-pk")[:6])


SECTION = Section("invoices", "billing", _("Invoices"), "billing/customer_section.html", _invoices)
