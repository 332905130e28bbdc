"""Invoices, what they charge for, and what is owed."""

from datetime import datetime

from msgspec import UNSET, UnsetType

from api.structs.base import Attributes, Link, Links, Shape


class InvoiceDetail(Shape, frozen=True):
    """One kind of line items that the invoice has, and where they are."""

    invoice_line_item_type: str
    billing_provider: str
    links: Links
    attributes: Attributes = Attributes(object_type="InvoiceDetail")


class TaxReceipt(Shape, frozen=True):
    id: str
    tax_receipt_pdf_download_link: str


class Invoice(Shape, frozen=True):
    """The billing period and the amendments are in the answer about one invoice only."""

    id: str
    invoice_date: datetime
    total_charges: float
    paid_amount: float
    currency_code: str
    currency_symbol: str
    pdf_download_link: str
    invoice_details: list[InvoiceDetail]
    document_type: str
    invoice_type: str
    links: Links
    billing_period_start_date: datetime | UnsetType = UNSET
    billing_period_end_date: datetime | UnsetType = UNSET
    amends_of: str | UnsetType = UNSET
    amendments: "list[Invoice] | UnsetType" = UNSET
    tax_receipts: list[TaxReceipt] = []
    attributes: Attributes = Attributes(object_type="Invoice")


class Summary(Shape, frozen=True):
    balance_amount: float
    currency_code: str
    currency_symbol: str
    accounting_date: datetime
    first_invoice_creation_date: datetime
    last_payment_date: datetime
    last_payment_amount: float
    latest_invoice_date: datetime
    attributes: Attributes = Attributes(object_type="InvoiceSummary")


class SummaryDetail(Shape, frozen=True):
    invoice_type: str
    summary: Summary


class InvoiceSummary(Summary, frozen=True, kw_only=True):
    details: list[SummaryDetail]
    links: Links


class EstimateLink(Shape, frozen=True):
    type: str
    title: str
    description: str
    period: str
    link: Link
