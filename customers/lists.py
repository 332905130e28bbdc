"""The lists of customers, of subscriptions and of orders, declared."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.markets import market_name
from customers.models import Customer, Order, Subscription
from customers.models.customer import customer_states, relationships
from customers.models.order import order_statuses
from customers.models.subscription import subscription_statuses
from fluent.listing import Column, Filter, Kind, Listing

STATE_BADGES = {"active": "success", "suspended": "warning", "inactive": "neutral"}
STATUS_BADGES = {"active": "success", "pending": "info", "suspended": "warning", "expired": "danger"}
ORDER_BADGES = {"completed": "success", "pending": "info"}


def customer_url(customer: Customer) -> str:
    return reverse("customers:detail", args=[customer.tenant_id])


def _countries(rows: QuerySet[Customer]) -> Sequence[tuple[str, str]]:
    codes = rows.order_by().values_list("country", flat=True).distinct()
    return sorted(((code, market_name(code)) for code in codes), key=lambda pair: pair[1])


CUSTOMERS: Listing[Customer] = Listing(
    name="customers",
    caption=_("Customers"),
    placeholder=_("Name, domain or ID"),
    search=("search_text",),
    default_sort="name",
    columns=[
        Column("name", _("Company name"), lambda row: row.company_name, sort="company_name", link=customer_url),
        Column("domain", _("Domain"), lambda row: row.domain, sort="domain"),
        Column("country", _("Country"), lambda row: market_name(row.country), sort="country"),
        Column("relationship", _("Relationship"), lambda row: row.get_relationship_to_partner_display()),
        Column(
            "state",
            _("Status"),
            lambda row: row.get_state_display(),
            kind=Kind.BADGE,
            badge=lambda row: STATE_BADGES[row.state],
        ),
        Column("added", _("Added"), lambda row: row.created_at, sort="created_at", kind=Kind.DATE),
        Column("id", _("Customer ID"), lambda row: str(row.tenant_id), shown=False),
        Column("email", _("Email"), lambda row: row.email, shown=False),
    ],
    filters=[
        Filter("state", _("Status"), "state", lambda rows: customer_states()),
        Filter("relationship", _("Relationship"), "relationship_to_partner", lambda rows: relationships()),
        Filter("country", _("Country"), "country", _countries),
    ],
)

SUBSCRIPTIONS: Listing[Subscription] = Listing(
    name="subscriptions",
    caption=_("Subscriptions"),
    default_sort="renewal",
    columns=[
        Column("name", _("Subscription"), str, sort="offer_name"),
        Column("quantity", _("Quantity"), lambda row: row.quantity, sort="quantity", kind=Kind.NUMBER),
        Column(
            "status",
            _("Status"),
            lambda row: row.get_status_display(),
            kind=Kind.BADGE,
            badge=lambda row: STATUS_BADGES.get(row.status, "neutral"),
        ),
        Column("term", _("Term"), lambda row: row.get_term_duration_display()),
        Column("cycle", _("Billed"), lambda row: row.get_billing_cycle_display()),
        Column("auto", _("Renews by itself"), lambda row: _("Yes") if row.auto_renew_enabled else _("No")),
        Column(
            "renewal", _("Term ends"), lambda row: row.commitment_end_date, sort="commitment_end_date", kind=Kind.DATE
        ),
        Column("id", _("Subscription ID"), lambda row: str(row.pk), shown=False),
        Column("offer", _("Offer ID"), lambda row: row.offer_id, shown=False),
    ],
    filters=[Filter("status", _("Status"), "status", lambda rows: subscription_statuses())],
)

ORDERS: Listing[Order] = Listing(
    name="orders",
    caption=_("Orders"),
    default_sort="-ordered",
    columns=[
        Column("ordered", _("Ordered"), lambda row: row.creation_date, sort="creation_date", kind=Kind.DATE),
        Column("items", _("Items"), lambda row: row.items),
        Column("cycle", _("Billed"), lambda row: row.get_billing_cycle_display()),
        Column(
            "status",
            _("Status"),
            lambda row: row.get_status_display(),
            kind=Kind.BADGE,
            badge=lambda row: ORDER_BADGES.get(row.status, "neutral"),
        ),
        Column("currency", _("Currency"), lambda row: row.currency_code, shown=False),
        Column("id", _("Order ID"), lambda row: str(row.pk), shown=False),
    ],
    filters=[Filter("status", _("Status"), "status", lambda rows: order_statuses())],
)
