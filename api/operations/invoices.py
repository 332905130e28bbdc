"""Invoices: list, read, the statement, and what is owed in each currency."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse

from api.call import Call
from api.faults import bad_input, not_found
from api.filters import Columns, narrowed, one_of
from api.moments import NEVER, day, midnight
from api.money import number
from api.operations import line_items
from api.paging import OFFSET, offset
from api.registry import Auth, Operation, Query, Subject, roles
from api.structs import invoices as shapes
from api.structs.base import Collection, Link, Links
from api.structs.line_items import LicenseLine, OneTimeLine, UsageLine
from billing.balances import Balance, balances
from billing.counts import invoice_total
from billing.documents.download import receipt_download, statement_download
from billing.models import BillingProvider, DocumentType, Invoice, InvoiceType, TaxReceipt
from billing.models.invoice import InvoiceQuerySet
from billing.money import Money, symbol

_TYPES = {each.value.lower(): each.value for each in InvoiceType}


def _invoice_type(value: str) -> str:
    return _TYPES[one_of(*_TYPES)(value)]


_FILTERS: Columns = {
    ("invoicedate", "greater_than_or_equals"): ("invoice_date__date__gte", day),
    ("invoicedate", "less_than_or_equals"): ("invoice_date__date__lte", day),
    ("documenttype", "equals"): ("document_type", one_of(*DocumentType.values)),
    ("invoicetype", "equals"): ("invoice_type", _invoice_type),
    ("id", "starts_with"): "number__istartswith",
}
_PROVIDERS = {BillingProvider.OFFICE: "Office", BillingProvider.AZURE: "Azure", BillingProvider.ONE_TIME: "OneTime"}


def visible(call: Call) -> InvoiceQuerySet:
    return Invoice.objects.visible_to(call.caller)


def one(call: Call, rows: InvoiceQuerySet) -> Invoice:
    """The invoice of the path, with or without its type before the number, as links have it. Raises Fault."""
    given = call.parts["invoice_id"]
    prefix, dash, rest = given.partition("-")
    named = rest if dash and prefix.lower() in _TYPES else given
    invoice = rows.filter(number=named).first()
    if invoice is None:
        raise not_found("The invoice")
    return invoice


def _list(call: Call) -> Collection[shapes.Invoice]:
    rows = visible(call)
    condition = narrowed(call, _FILTERS)
    rows = rows if condition is None else rows.filter(condition)
    total = invoice_total(call.caller) if condition is None else rows.count()
    rows = _whole(rows).order_by("-invoice_date", "-pk")
    return offset(call, rows, _listed, total=total)


def _whole(rows: InvoiceQuerySet) -> InvoiceQuerySet:
    return rows.with_providers().select_related("amends_of").prefetch_related("tax_receipts")


def _listed(invoice: Any, **more: Any) -> shapes.Invoice:
    """`invoice` comes with what `_whole` adds."""
    key = f"{invoice.invoice_type}-{invoice.number}"
    kinds = (provider for provider in BillingProvider if getattr(invoice, f"has_{provider.value}"))
    return shapes.Invoice(
        id=invoice.number,
        invoice_date=invoice.invoice_date,
        total_charges=number(invoice.total),
        paid_amount=number(invoice.paid),
        currency_code=invoice.currency_code,
        currency_symbol=symbol(invoice.currency_code),
        pdf_download_link=f"/invoices/{invoice.number}/documents/statement",
        invoice_details=[_detail(key, provider) for provider in kinds],
        document_type=invoice.document_type,
        invoice_type=invoice.invoice_type,
        links=Links(self_=Link(uri=f"/invoices/{key}")),
        tax_receipts=[_receipt(each, invoice) for each in invoice.tax_receipts.all()],
        **({"amends_of": invoice.amends_of.number} if invoice.amends_of else {}),
        **more,
    )


def _receipt(receipt: TaxReceipt, invoice: Invoice) -> shapes.TaxReceipt:
    where = f"/invoices/{invoice.number}/receipts/{receipt.number}/documents/statement"
    return shapes.TaxReceipt(receipt.number, where)


def _detail(key: str, provider: BillingProvider) -> shapes.InvoiceDetail:
    link = Link(uri=f"/invoices/{key}/lineitems/{_PROVIDERS[provider]}/BillingLineItems")
    return shapes.InvoiceDetail("billing_line_items", provider.value, Links(self_=link))


def _get(call: Call) -> shapes.Invoice:
    invoice = one(call, _whole(visible(call)))
    period: dict[str, Any] = {
        "billing_period_start_date": midnight(invoice.period_start),
        "billing_period_end_date": midnight(invoice.period_end),
    }
    amendments = _whole(visible(call).filter(amends_of=invoice))
    notes = [_listed(note) for note in amendments.order_by("invoice_date", "pk")]
    return _listed(invoice, **period, **({"amendments": notes} if notes else {}))


def _statement(call: Call) -> HttpResponse:
    return statement_download(invoice=one(call, visible(call)), organization=call.caller.tenant.display_name)


def _receipt_statement(call: Call) -> HttpResponse:
    receipt = one(call, visible(call)).tax_receipts.filter(number=call.parts["receipt_id"]).first()
    if receipt is None:
        raise not_found("The receipt")
    return receipt_download(receipt=receipt, organization=call.caller.tenant.display_name)


def _summaries(call: Call) -> Collection[shapes.InvoiceSummary]:
    found = [_summary(each) for each in balances(call.caller)]
    return Collection(total_count=len(found), items=found, links=Links(self_=Link(uri="/invoices/summaries")))


def _account_balance(call: Call) -> shapes.InvoiceSummary:
    """In the currency of the newest invoice."""
    found = balances(call.caller)
    return _summary(found[0] if found else Balance("USD"))


def _summary(balance: Balance) -> shapes.InvoiceSummary:
    details = [shapes.SummaryDetail(kind, shapes.Summary(**_figures(part))) for kind, part in balance.by_type.items()]
    own = Links(self_=Link(uri="/invoices/summary"))
    return shapes.InvoiceSummary(**_figures(balance), details=details, links=own)


def _figures(balance: Balance) -> dict[str, Any]:
    latest: datetime = balance.latest or NEVER
    return {
        "balance_amount": number(Money(balance.open, balance.currency)),
        "currency_code": balance.currency,
        "currency_symbol": symbol(balance.currency),
        "accounting_date": latest,
        "first_invoice_creation_date": balance.first or NEVER,
        "last_payment_date": balance.last_payment or NEVER,
        "last_payment_amount": number(Money(balance.last_amount, balance.currency)),
        "latest_invoice_date": latest,
    }


_ESTIMATES = (
    (
        "daily_rated_usage",
        "Unbilled usage, rated daily",
        "Line items of consumption that no invoice has yet.",
        {"provider": "Marketplace", "invoicelineitemtype": "UsageLineItems"},
    ),
    (
        "non_consumption",
        "Unbilled reconciliation line items",
        "Line items of purchases that no invoice has yet.",
        {"provider": "all", "invoicelineitemtype": "BillingLineItems"},
    ),
)


def _estimates(call: Call) -> Collection[shapes.EstimateLink]:
    currency = call.text("currencycode")
    if not (currency.isascii() and currency.isalpha() and len(currency) == 3):
        raise bad_input("currencycode has to be a currency of three letters, such as USD.", "currencycode")
    found = [
        shapes.EstimateLink(kind, title, about, period, Link(uri=_unbilled(query, currency, period)))
        for kind, title, about, query in _ESTIMATES
        for period in ("Current", "Previous")
    ]
    return Collection(total_count=len(found), items=found)


def _unbilled(query: dict[str, str], currency: str, period: str) -> str:
    more = {"currencycode": currency.upper(), "period": period.lower(), "size": 2000}
    return f"/invoices/unbilled/lineitems?{urlencode({**query, **more})}"


def _lines(call: Call) -> Any:
    if call.parts["invoice_id"].lower() == line_items.UNBILLED:
        return line_items.unbilled(call)
    return line_items.of_invoice(call, one(call, visible(call)))


_row = partial(Operation, "GET", subject=Subject.BILLING, auth=Auth.APP_USER, roles=roles("A B G"))
_FILTER = Query(
    "filter",
    'JSON: {"Field":"InvoiceDate","Value":"2026-01-01","Operator":"greater_than_or_equals"};'
    " also DocumentType, InvoiceType and Id.",
)
_CURRENCY = Query("currencycode", "The currency, such as USD.", required=True)
_TYPE = Query("invoicelineitemtype", "BillingLineItems or UsageLineItems.", required=True)
_PROVIDER = Query("provider", "office, azure, onetime, marketplace or all.", required=True)
_SEEK = Query("seekOperation", "Next, together with the header MS-ContinuationToken.", (("enum", ["Next", "First"]),))
_SIZED = (Query("size", "How many at most.", (("type", "integer"), ("minimum", 1), ("maximum", 2000))), OFFSET[1])
_PERIOD = Query("period", "current or previous; of unbilled line items only.")
_UNBILLED_CURRENCY = Query("currencycode", "The currency, such as USD; of unbilled line items only.")

_LINES = (Collection[LicenseLine], Collection[UsageLine], Collection[OneTimeLine])

OPERATIONS: Sequence[Operation] = [
    _row(
        "invoices",
        _list,
        auth_2021=Auth.BOTH,
        summary="List invoices",
        gives=Collection[shapes.Invoice],
        query=(*OFFSET, _FILTER),
    ),
    _row(
        "invoices/summary",
        _account_balance,
        auth_2021=Auth.BOTH,
        summary="Get the account balance",
        gives=shapes.InvoiceSummary,
    ),
    _row(
        "invoices/summaries",
        _summaries,
        auth_2021=Auth.APP_USER,
        summary="Get the account balance in every currency",
        gives=Collection[shapes.InvoiceSummary],
    ),
    _row(
        "invoices/estimates/links",
        _estimates,
        auth_2021=Auth.BOTH,
        summary="Get links to what is not billed yet",
        gives=Collection[shapes.EstimateLink],
        query=(_CURRENCY,),
    ),
    _row(
        "invoices/{invoice_id}",
        _get,
        auth_2021=Auth.APP_USER,
        summary="Get an invoice",
        gives=shapes.Invoice,
    ),
    _row(
        "invoices/{invoice_id}/documents/statement",
        _statement,
        auth_2021=Auth.APP_USER,
        summary="Get an invoice's statement as a PDF",
        media_type="application/pdf",
    ),
    _row(
        "invoices/{invoice_id}/receipts/{receipt_id}/documents/statement",
        _receipt_statement,
        auth_2021=Auth.APP_USER,
        summary="Get an invoice's tax receipt as a PDF",
        media_type="application/pdf",
    ),
    _row(
        "invoices/{invoice_id}/lineitems",
        _lines,
        auth_2021=Auth.BOTH,
        summary="List an invoice's line items, or those of no invoice yet",
        gives=_LINES,
        query=(_PROVIDER, _TYPE, *_SIZED, _SEEK, _UNBILLED_CURRENCY, _PERIOD),
    ),
    _row(
        "invoices/{invoice_id}/lineitems/{provider}/{line_item_type}",
        _lines,
        auth_2021=Auth.BOTH,
        summary="List an invoice's line items of one provider and type",
        gives=_LINES,
        query=(*_SIZED, _SEEK),
    ),
]
