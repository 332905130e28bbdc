"""The tax receipt of one invoice as a PDF."""

from collections.abc import Iterable

from django.db.models import Sum
from django.utils.translation import gettext as _

from billing.documents.page import Page, shown_day, shown_period
from billing.models import BillingProvider, Invoice, TaxReceipt
from billing.money import Money

COLUMN_WIDTHS = (70, 40, 40, 40)


def receipt_pdf(*, receipt: TaxReceipt, organization: str, product: str) -> bytes:
    """What was charged, and the tax of it, for each kind of line items; in the reader's language."""
    invoice = receipt.invoice
    pdf = Page(title=_("Tax receipt"), number=receipt.number, product=product)
    facts = (
        (str(invoice.get_document_type_display()), invoice.number),
        (_("Date"), shown_day(invoice.invoice_date.date())),
        (_("Period"), shown_period(invoice.period_start, invoice.period_end)),
    )
    pdf.head(_("Tax receipt"), organization, facts)
    pdf.rows(headings(), _rows(invoice), widths=COLUMN_WIDTHS, texts=1)
    pdf.totals(((_("Without tax"), str(receipt.taxable)), (_("Tax"), str(receipt.tax))))
    return bytes(pdf.output())


def headings() -> tuple[str, ...]:
    return (_("Kind"), _("Without tax"), _("Tax"), _("Total"))


def _rows(invoice: Invoice) -> Iterable[tuple[str, ...]]:
    kinds = invoice.line_items.order_by("billing_provider").values_list("billing_provider")
    for kind, *amounts in kinds.annotate(Sum("subtotal"), Sum("tax_total"), Sum("total_for_customer")):
        yield (str(BillingProvider(kind).label), *(str(Money(amount, invoice.currency_code)) for amount in amounts))
