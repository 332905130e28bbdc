"""What is owed, over the API. The shapes are typed from the public samples, not from our answers."""

from datetime import UTC, datetime, timedelta

from accounts.models import PartnerTenant, User
from billing.models import Invoice
from tests.portal.api.conftest import Api
from tests.portal.api.shapes import SELF, TYPED, amounts, shape, strings
from tests.portal.business import START, make_invoice

INVOICES = "/v1/invoices"
FIGURES = {
    **amounts("balanceAmount", "lastPaymentAmount"),
    **strings(
        "currencyCode", "currencySymbol", "accountingDate", "firstInvoiceCreationDate", "lastPaymentDate",
        "latestInvoiceDate",
    ),
    "attributes": TYPED,
}  # fmt: skip
SUMMARY = {**FIGURES, "details": [{"invoiceType": "str", "summary": FIGURES}], "links": SELF}


def owe(partner: PartnerTenant) -> None:
    """1,000.00 and 200.00 of which 50.00 is paid in dollars, the second one time; 700 yen, older."""
    make_invoice(partner, "G1", total=100_000)
    second = make_invoice(partner, "G2", total=20_000, issued=START + timedelta(days=30))
    paid_at = datetime(2026, 2, 10, 12, tzinfo=UTC)
    Invoice.objects.filter(pk=second.pk).update(invoice_type="OneTime", paid_amount=5_000, last_payment_date=paid_at)
    make_invoice(partner, "G3", total=700, currency="JPY", issued=START - timedelta(days=30))


def test_the_balance_is_what_is_open_in_the_newest_currency(api: Api, alejandra: User) -> None:
    owe(alejandra.tenant)
    body = api.call(alejandra, f"{INVOICES}/summary").json()
    assert shape(body) == SUMMARY
    assert (body["balanceAmount"], body["currencySymbol"]) == (1150.0, "$")
    assert (body["lastPaymentAmount"], body["lastPaymentDate"]) == (50.0, "2026-02-10T12:00:00Z")
    assert [(each["invoiceType"], each["summary"]["balanceAmount"]) for each in body["details"]] == [
        ("Recurring", 1000.0),
        ("OneTime", 150.0),
    ]


def test_the_summaries_have_one_balance_a_currency(api: Api, alejandra: User, olga: User) -> None:
    owe(alejandra.tenant)
    make_invoice(olga.tenant, "G9", total=5, currency="EUR")
    body = api.call(alejandra, f"{INVOICES}/summaries").json()
    assert shape(body) == {"totalCount": "int", "items": [SUMMARY], "links": SELF, "attributes": TYPED}
    assert [(each["currencyCode"], each["balanceAmount"]) for each in body["items"]] == [
        ("USD", 1150.0),
        ("JPY", 700.0),
    ]
    assert body["items"][1]["lastPaymentDate"] == "0001-01-01T00:00:00"


def test_a_partner_without_invoices_owes_nothing(api: Api, alejandra: User) -> None:
    body = api.call(alejandra, f"{INVOICES}/summary").json()
    assert (body["balanceAmount"], body["details"], body["latestInvoiceDate"]) == (0.0, [], "0001-01-01T00:00:00")
