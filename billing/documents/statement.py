"""The statement of one invoice as a PDF."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from billing.models import Invoice, LineItem

FONT = Path(__file__).resolve().parent.parent / "fonts" / "NotoSansJP-Regular-subset.ttf"
_ACCENT = (15, 108, 189)
_MUTED = (97, 97, 97)
_LINE = (209, 209, 209)
COLUMN_WIDTHS = (44, 56, 20, 24, 20, 26)


class Statement(FPDF):
    """A4; header on the first page, page numbers on each."""

    def __init__(self, invoice: Invoice, product: str) -> None:
        super().__init__()
        self.invoice = invoice
        self.product = product
        self.add_font("body", fname=str(FONT))
        self.set_font("body", size=9)
        self.set_margins(10, 12)
        self.set_auto_page_break(auto=True, margin=16)
        self.set_title(f"{_('Statement')} {invoice.number}")

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("body", size=8)
        self.set_text_color(*_MUTED)
        self.cell(w=0, text=f"{self.product} · {self.invoice.number} · {self.page_no()}/{{nb}}", align="R")
        self.set_text_color(0)


def statement_pdf(*, invoice: Invoice, lines: Iterable[LineItem], organization: str, product: str) -> bytes:
    """All line items with the totals; in the reader's language, in any of Latin, Cyrillic or Japanese script."""
    pdf = Statement(invoice, product)
    pdf.add_page()
    _head(pdf, invoice, organization)
    _table(pdf, lines)
    _totals(pdf, invoice)
    return bytes(pdf.output())


def _head(pdf: Statement, invoice: Invoice, organization: str) -> None:
    pdf.set_font("body", size=18)
    pdf.set_text_color(*_ACCENT)
    _row(pdf, f"{invoice.get_document_type_display()} {invoice.number}", height=11)
    pdf.set_font("body", size=10)
    pdf.set_text_color(0)
    _row(pdf, organization, height=6)
    pdf.ln(2)
    facts = (
        (_("Date"), _date(invoice.invoice_date.date())),
        (_("Period"), f"{_date(invoice.period_start)} – {_date(invoice.period_end)}"),
        (_("Due"), _date(invoice.due_date)),
        (_("Payment"), str(invoice.get_payment_state_display())),
    )
    for label, value in facts:
        pdf.set_text_color(*_MUTED)
        pdf.cell(w=36, h=5.5, text=label)
        pdf.set_text_color(0)
        _row(pdf, value, height=5.5)
    pdf.ln(4)


def headings() -> tuple[str, ...]:
    return (_("Customer"), _("Offer"), _("Quantity"), _("Unit price"), _("Tax"), _("Total"))


def _table(pdf: Statement, lines: Iterable[LineItem]) -> None:
    pdf.set_font("body", size=8)
    pdf.set_draw_color(*_LINE)
    style = FontFace(color=_MUTED)
    align = ("LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT")
    with pdf.table(
        col_widths=COLUMN_WIDTHS,
        text_align=align,
        headings_style=style,
        borders_layout="HORIZONTAL_LINES",
        line_height=5,
    ) as table:
        table.row(headings())
        for line in lines:
            amounts = (line.price, line.tax, line.total)
            table.row((line.customer_name, line.offer_name, str(line.quantity), *(str(each) for each in amounts)))


def _totals(pdf: Statement, invoice: Invoice) -> None:
    pdf.ln(4)
    pdf.set_font("body", size=10)
    for label, amount in (
        (_("Total"), invoice.total),
        (_("Paid"), invoice.paid),
        (_("Still to pay"), invoice.open_amount),
    ):
        pdf.cell(w=140, h=6, text=label, align="R")
        pdf.cell(w=50, h=6, text=str(amount), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _row(pdf: Statement, text: str, *, height: float) -> None:
    pdf.cell(w=0, h=height, text=text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _date(day: date) -> str:
    return date_format(day)
