"""The lists of invoices and of line items, declared."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, LineItem
from billing.models.invoice import document_types, payment_states
from billing.models.line_item import billing_providers, charge_types
from billing.money import Money
from fluent.listing import Column, Filter, Kind, Listing

PAYMENT_BADGES = {"paid": "success", "partly_paid": "warning", "unpaid": "info"}


def invoice_url(invoice: Invoice) -> str:
    return reverse("billing:invoice", args=[invoice.number])


def _years(rows: QuerySet[Invoice]) -> Sequence[tuple[str, str]]:
    dates = rows.order_by().dates("invoice_date", "year", order="DESC")
    return [(str(date.year), str(date.year)) for date in dates]


INVOICES: Listing[Invoice] = Listing(
    name="invoices",
    caption=_("Invoices"),
    placeholder=_("Invoice number"),
    search=("search_text",),
    default_sort="-date",
    columns=[
        Column("number", _("Number"), lambda row: row.number, sort="number", link=invoice_url),
        Column("type", _("Document"), lambda row: row.get_document_type_display()),
        Column("date", _("Date"), lambda row: row.invoice_date.date(), sort="invoice_date", kind=Kind.DATE),
        Column("period", _("Period"), lambda row: f"{row.period_start:%Y-%m}"),
        Column("due", _("Due"), lambda row: row.due_date, sort="due_date", kind=Kind.DATE),
        Column(
            "payment",
            _("Payment"),
            lambda row: row.get_payment_state_display(),
            kind=Kind.BADGE,
            badge=lambda row: PAYMENT_BADGES[row.payment_state],
        ),
        Column(
            "total",
            _("Total"),
            lambda row: row.total,
            sort="total_charges",
            kind=Kind.NUMBER,
            plain=lambda row: row.total.amount,
        ),
        Column("paid", _("Paid"), lambda row: row.paid.amount, shown=False),
        Column("currency", _("Currency"), lambda row: row.currency_code, shown=False),
    ],
    filters=[
        Filter("payment", _("Payment"), "payment_state", lambda rows: payment_states()),
        Filter("type", _("Document"), "document_type", lambda rows: document_types()),
        Filter("year", _("Year"), "invoice_date__year", _years),
    ],
)


def _money(minor: int, row: LineItem) -> Money:
    return Money(minor, row.currency_code)


LINE_ITEMS: Listing[LineItem] = Listing(
    name="line-items",
    caption=_("Line items"),
    placeholder=_("Customer or offer"),
    search=("search_text",),
    default_sort="customer",
    columns=[
        Column("customer", _("Customer"), lambda row: row.customer_name, sort="customer_name"),
        Column("offer", _("Offer"), lambda row: row.offer_name, sort="offer_name"),
        Column("charge", _("Charge"), lambda row: row.get_charge_type_display()),
        Column("quantity", _("Quantity"), lambda row: row.quantity, sort="quantity", kind=Kind.NUMBER),
        Column("price", _("Unit price"), lambda row: row.price, sort="unit_price", kind=Kind.NUMBER),
        Column("tax", _("Tax"), lambda row: row.tax, sort="tax_total", kind=Kind.NUMBER),
        Column("total", _("Total"), lambda row: row.total, sort="total_for_customer", kind=Kind.NUMBER),
    ],
    filters=[
        Filter("provider", _("Kind"), "billing_provider", lambda rows: billing_providers()),
        Filter("charge", _("Charge"), "charge_type", lambda rows: charge_types()),
    ],
)

# The reconciliation file's columns are read by programs: names of the REST line item, the same in every language.
UNBILLED: Sequence[Column[LineItem]] = [
    Column("customerId", "CustomerId", lambda row: str(row.customer.tenant_id) if row.customer else ""),
    Column("customerName", "CustomerName", lambda row: row.customer_name),
    Column("subscriptionId", "SubscriptionId", lambda row: str(row.subscription_id or "")),
    Column("billingProvider", "BillingProvider", lambda row: row.billing_provider),
    Column("chargeType", "ChargeType", lambda row: row.charge_type),
    Column("offerId", "OfferId", lambda row: row.offer_id),
    Column("offerName", "OfferName", lambda row: row.offer_name),
    Column("chargeStartDate", "ChargeStartDate", lambda row: row.charge_start),
    Column("chargeEndDate", "ChargeEndDate", lambda row: row.charge_end),
    Column("quantity", "Quantity", lambda row: row.quantity),
    Column("unitPrice", "UnitPrice", lambda row: row.price.amount),
    Column("subtotal", "Subtotal", lambda row: _money(row.subtotal, row).amount),
    Column("taxTotal", "TaxTotal", lambda row: row.tax.amount),
    Column("totalForCustomer", "TotalForCustomer", lambda row: row.total.amount),
    Column("currency", "Currency", lambda row: row.currency_code),
]
RECONCILIATION: Sequence[Column[LineItem]] = [
    Column("invoiceNumber", "InvoiceNumber", lambda row: row.invoice.number),
    *UNBILLED,
]
