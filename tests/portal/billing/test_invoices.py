import csv
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import PartnerTenant, User
from billing.counts import last_invoice
from billing.documents import receipt as receipts
from billing.documents import statement as statements
from billing.documents.page import FONT, Page
from billing.models import Invoice
from billing.money import Money
from tests.portal.business import START, make_customer, make_invoice, make_line, make_receipt


@pytest.fixture(autouse=True)
def signed_in(client: Client, alejandra: User, sign_in: Callable[..., object]) -> None:
    sign_in(client, alejandra)


@pytest.mark.parametrize(
    ("minor", "currency", "amount", "shown"),
    [
        (161633_50, "USD", Decimal("161633.50"), "161,633.50 USD"),
        (-264_00, "EUR", Decimal("-264.00"), "-264.00 EUR"),
        (900, "JPY", Decimal("900"), "900 JPY"),
        (5, "GBP", Decimal("0.05"), "0.05 GBP"),
    ],
)
def test_money_is_exact_in_the_currencys_own_digits(minor: int, currency: str, amount: Decimal, shown: str) -> None:
    money = Money(minor, currency)
    assert money.amount == amount
    assert str(money) == shown


def test_the_list_starts_with_the_newest_invoice(client: Client, contoso: PartnerTenant) -> None:
    make_invoice(contoso, "G1", issued=START)
    make_invoice(contoso, "G2", issued=START + timedelta(days=30))
    rows = client.get("/dashboard/billing").context["page"].rows
    assert [row[0].value for row in rows] == ["G2", "G1"]


def test_the_list_filters_by_payment_and_year(client: Client, contoso: PartnerTenant) -> None:
    make_invoice(contoso, "G1")
    Invoice.objects.filter(pk=make_invoice(contoso, "G2").pk).update(payment_state="paid")
    rows = client.get("/dashboard/billing?payment=paid&year=2026").context["page"].rows
    assert [row[0].value for row in rows] == ["G2"]


def test_more_invoices_and_lines_add_no_query(
    client: Client, contoso: PartnerTenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    invoice, customer = make_invoice(contoso, "G0"), make_customer(contoso)
    make_line(invoice, customer)

    def pages() -> None:
        # Session, counter, years, rows, log.
        with django_assert_num_queries(5):
            client.get("/dashboard/billing")
        # Session, invoice, receipts, lines, log.
        with django_assert_num_queries(5):
            client.get("/dashboard/billing/invoices/G0")
        # Session, invoice, lines with customers; the log writes before the rows are read.
        with django_assert_num_queries(4):
            client.get("/dashboard/billing/invoices/G0/reconciliation").getvalue()

    pages()
    for number in range(1, 20):
        make_invoice(contoso, f"G{number}")
        make_line(invoice, customer)
    pages()


def test_the_line_items_are_paged_by_keyset(client: Client, contoso: PartnerTenant) -> None:
    invoice, customer = make_invoice(contoso), make_customer(contoso)
    for quantity in range(1, 41):
        make_line(invoice, customer, quantity=quantity)
    first = client.get("/dashboard/billing/invoices/G100?sort=-total").context["page"]
    second = client.get("/dashboard/billing/invoices/G100" + first.next).context["page"]
    assert [row[3].value for row in [*first.rows, *second.rows]] == list(range(40, 0, -1))
    assert first.total == 40


def test_the_reconciliation_file_adds_up_to_the_invoice(client: Client, contoso: PartnerTenant) -> None:
    invoice = make_invoice(contoso)
    for name in ("青葉商事株式会社", "Пекарня «Ромашка»", "=Evil Ltd"):
        make_line(invoice, make_customer(contoso, name, f"{len(name)}.example"), price=1999, quantity=3)
    response = client.get("/dashboard/billing/invoices/G100/reconciliation")
    assert response.streaming
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert sum(Decimal(row["TotalForCustomer"]) for row in rows) == Decimal("179.91")
    assert {row["CustomerName"] for row in rows} == {"青葉商事株式会社", "Пекарня «Ромашка»", "'=Evil Ltd"}
    assert {row["Currency"] for row in rows} == {"USD"}


@pytest.mark.parametrize("language", ["en", "ja", "ru"])
def test_the_statement_is_a_pdf_with_its_own_font_in_each_language(
    client: Client, contoso: PartnerTenant, language: str
) -> None:
    invoice = make_invoice(contoso)
    for name in ("青葉商事株式会社", "Пекарня «Ромашка»", "Margie's Travel"):
        make_line(invoice, make_customer(contoso, name, f"{len(name)}.example"))
    response = client.get("/dashboard/billing/invoices/G100/statement", headers={"Accept-Language": language})
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="statement-G100.pdf"'
    assert response.content.startswith(b"%PDF-")
    assert b"NotoSansJP" in response.content
    assert b"/FontFile2" in response.content


@pytest.mark.parametrize("language", ["en", "ja", "ru"])
@pytest.mark.parametrize("document", [statements, receipts], ids=["statement", "receipt"])
def test_no_word_of_a_heading_of_a_document_is_cut(document: Any, language: str) -> None:
    with translation.override(language):
        pdf = Page(title="Statement", number="G100", product="Partner Center")
        pdf.set_font("body", size=8)
        room = [width - 2 * pdf.c_margin for width in document.COLUMN_WIDTHS]
        words = [max(pdf.get_string_width(word) for word in heading.split()) for heading in document.headings()]
    pdf.output()  # closes the font's file
    assert all(word <= width for word, width in zip(words, room, strict=True))


def test_an_invoice_shows_its_tax_receipt_and_hands_it_out(client: Client, contoso: PartnerTenant) -> None:
    make_receipt(make_invoice(contoso, currency="EUR"), tax=1990)
    page = client.get("/dashboard/billing/invoices/G100").content.decode()
    assert 'href="/dashboard/billing/invoices/G100/receipts/R100"' in page
    assert "19.90 EUR" in page
    response = client.get("/dashboard/billing/invoices/G100/receipts/R100", headers={"Accept-Language": "ru"})
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="receipt-R100.pdf"'
    assert response.content.startswith(b"%PDF-")


def test_a_receipt_belongs_to_its_invoice(client: Client, contoso: PartnerTenant) -> None:
    make_receipt(make_invoice(contoso, "G100"))
    make_invoice(contoso, "G200")
    assert client.get("/dashboard/billing/invoices/G200/receipts/R100").status_code == 404


def test_the_font_has_a_glyph_for_each_script() -> None:
    from fontTools.ttLib import TTFont

    covered = TTFont(FONT).getBestCmap()
    assert all(ord(char) in covered for char in "Aé£€¥ЖёЪ«»№青葉商事株式会社髙﨑あア請求書")


def test_the_newest_invoice_of_the_partner_is_found(contoso: PartnerTenant, alejandra: User, olga: User) -> None:
    make_invoice(contoso, "G1", issued=START)
    newest = make_invoice(contoso, "G2", issued=START + timedelta(days=1))
    assert last_invoice(alejandra) == newest
    assert last_invoice(olga) is None
