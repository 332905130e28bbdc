"""The statement of one invoice as a PDF."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from billing.documents.page import Page, shown_day, shown_period
from billing.models import Invoice, LineItem

COLUMN_WIDTHS = (44, 56, 20, 24, 20, 26)


def statement_pdf(*, invoice: Invoice, lines: Iterable[LineItem], organization: str, product: str) -> bytes:
    """All line items with the totals; in the reader's language, in any of Latin, Cyrillic or Japanese script."""
    pdf = Page(title=_("Statement"), number=invoice.number, product=product)
    facts = (
        (_("Date"), shown_day(invoice.invoice_date.date())),
        (_("Period"), shown_period(invoice.period_start, invoice.period_end)),
        (_("Due"), shown_day(invoice.due_date)),
        (_("Payment"), str(invoice.get_payment_state_display())),
    )
    pdf.head(str(invoice.get_document_type_display()), organization, facts)
    pdf.rows(headings(), map(_cells, lines), widths=COLUMN_WIDTHS, texts=2)
    amounts = ((_("Total"), invoice.total), (_("Paid"), invoice.paid), (_("Still to pay"), invoice.open_amount))
    pdf.totals((label, str(amount)) for label, amount in amounts)
    return bytes(pdf.output())


def headings() -> tuple[str, ...]:
    return (_("Customer"), _("Offer"), _("Quantity"), _("Unit price"), _("Tax"), _("Total"))


def _cells(line: LineItem) -> tuple[str, ...]:
    amounts = (str(amount) for amount in (line.price, line.tax, line.total))
    return (line.customer_name, line.offer_name, str(line.quantity), *amounts)
