"""The paper that every document is written on, and how its parts look."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from django.utils.formats import date_format
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

FONT = Path(__file__).resolve().parent.parent / "fonts" / "NotoSansJP-Regular-subset.ttf"
_ACCENT = (15, 108, 189)
_MUTED = (97, 97, 97)
_LINE = (209, 209, 209)


class Page(FPDF):
    """A4 with a font that has Latin, Cyrillic and Japanese; number and page on each page."""

    def __init__(self, *, title: str, number: str, product: str) -> None:
        super().__init__()
        self.number = number
        self.product = product
        self.add_font("body", fname=str(FONT))
        self.set_font("body", size=9)
        self.set_margins(10, 12)
        self.set_auto_page_break(auto=True, margin=16)
        self.set_title(f"{title} {number}")
        self.add_page()

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("body", size=8)
        self.set_text_color(*_MUTED)
        self.cell(w=0, text=f"{self.product} · {self.number} · {self.page_no()}/{{nb}}", align="R")
        self.set_text_color(0)

    def head(self, title: str, organization: str, facts: Iterable[tuple[str, str]]) -> None:
        self.set_font("body", size=18)
        self.set_text_color(*_ACCENT)
        self._row(f"{title} {self.number}", height=11)
        self.set_font("body", size=10)
        self.set_text_color(0)
        self._row(organization, height=6)
        self.ln(2)
        for label, value in facts:
            self.set_text_color(*_MUTED)
            self.cell(w=36, h=5.5, text=label)
            self.set_text_color(0)
            self._row(value, height=5.5)
        self.ln(4)

    def rows(
        self, headings: Sequence[str], rows: Iterable[Sequence[str]], *, widths: Sequence[int], texts: int
    ) -> None:
        """A table; its first columns, `texts` of them, hold words, the others numbers."""
        self.set_font("body", size=8)
        self.set_draw_color(*_LINE)
        with self.table(
            col_widths=tuple(widths),
            text_align=tuple("LEFT" if column < texts else "RIGHT" for column in range(len(widths))),
            headings_style=FontFace(color=_MUTED),
            borders_layout="HORIZONTAL_LINES",
            line_height=5,
        ) as table:
            table.row(headings)
            for row in rows:
                table.row(row)

    def totals(self, amounts: Iterable[tuple[str, str]]) -> None:
        self.ln(4)
        self.set_font("body", size=10)
        for label, amount in amounts:
            self.cell(w=140, h=6, text=label, align="R")
            self.cell(w=50, h=6, text=amount, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _row(self, text: str, *, height: float) -> None:
        self.cell(w=0, h=height, text=text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def shown_day(day: date) -> str:
    return date_format(day)


def shown_period(first: date, last: date) -> str:
    return f"{date_format(first)} – {date_format(last)}"
