"""Invoices over the API. The shapes are typed from the public samples, not from our answers."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from billing.models import Invoice, LineItem
from tests.portal.api.conftest import Api, known
from tests.portal.api.shapes import LINK, SELF, TYPED, amounts, shape, strings
from tests.portal.business import START, make_customer, make_invoice, make_line, make_receipt
from tests.portal.conftest import make_user

INVOICES = "/v1/invoices"
DETAIL = {"invoiceLineItemType": "str", "billingProvider": "str", "links": SELF, "attributes": TYPED}
LISTED = {
    **strings("id", "invoiceDate", "currencyCode", "currencySymbol", "pdfDownloadLink", "documentType", "invoiceType"),
    **amounts("totalCharges", "paidAmount"),
    "taxReceipts": [strings("id", "taxReceiptPdfDownloadLink")],
    "invoiceDetails": [DETAIL],
    "links": SELF,
    "attributes": TYPED,
}


@pytest.fixture
def invoice(alejandra: User) -> Invoice:
    """Of three lines, one a billing provider."""
    made, customer = make_invoice(alejandra.tenant, "G100"), make_customer(alejandra.tenant)
    for provider in ("office", "azure", "one_time"):
        line = make_line(made, customer, price=1250, quantity=3)
        LineItem.objects.filter(pk=line.pk).update(billing_provider=provider, tax_total=250)
    make_receipt(made, taxable=11250, tax=750)
    return made


def test_the_list_has_the_shape_of_the_samples(api: Api, alejandra: User, invoice: Invoice) -> None:
    body = api.call(alejandra, INVOICES).json()
    assert shape(body) == {"totalCount": "int", "items": [LISTED], "links": SELF, "attributes": TYPED}
    (item,) = body["items"]
    assert item["totalCharges"] == 112.5
    assert item["attributes"] == {"objectType": "Invoice"}
    assert item["pdfDownloadLink"] == "/invoices/G100/documents/statement"
    assert [
        (detail["billingProvider"], detail["links"]["self"]["uri"].removeprefix("/invoices/Recurring-G100/lineitems/"))
        for detail in item["invoiceDetails"]
    ] == [
        ("office", "Office/BillingLineItems"),
        ("azure", "Azure/BillingLineItems"),
        ("one_time", "OneTime/BillingLineItems"),
    ]


def test_the_newest_invoice_comes_first_and_pages_are_linked(api: Api, alejandra: User, olga: User) -> None:
    for number in range(5):
        make_invoice(alejandra.tenant, f"G{number}", issued=START + timedelta(days=number))
    make_invoice(olga.tenant, "G9")
    body = api.call(alejandra, f"{INVOICES}?size=2&offset=2").json()
    assert [item["id"] for item in body["items"]] == ["G2", "G1"]
    assert body["totalCount"] == 5
    assert body["links"]["next"]["uri"] == "/invoices?size=2&offset=4"
    assert body["links"]["previous"]["uri"] == "/invoices?size=2&offset=0"


@pytest.mark.parametrize(
    ("field", "operator", "value", "found"),
    [
        ("InvoiceDate", "greater_than_or_equals", "2026-01-10", ["G2"]),
        ("InvoiceDate", "less_than_or_equals", "2026-01-10", ["G1"]),
        ("invoicetype", "EQUALS", "onetime", ["G2"]),
        ("DocumentType", "equals", "Invoice", ["G2", "G1"]),
        ("Id", "starts_with", "g1", ["G1"]),
    ],
)
def test_a_filter_narrows_the_list(
    api: Api, alejandra: User, field: str, operator: str, value: str, found: list[str]
) -> None:
    make_invoice(alejandra.tenant, "G1")
    later = make_invoice(alejandra.tenant, "G2", issued=START + timedelta(days=9))
    Invoice.objects.filter(pk=later.pk).update(invoice_type="OneTime")
    asked = quote(json.dumps({"Field": field, "Value": value, "Operator": operator}))
    body = api.call(alejandra, f"{INVOICES}?filter={asked}").json()
    assert ([item["id"] for item in body["items"]], body["totalCount"]) == (found, len(found))


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("InvoiceDate", "greater_than_or_equals", "yesterday"),
        ("InvoiceType", "equals", "sometimes"),
        ("Total", "equals", "5"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(api: Api, alejandra: User, field: str, operator: str, value: str) -> None:
    asked = quote(json.dumps({"Field": field, "Value": value, "Operator": operator}))
    response = api.call(alejandra, f"{INVOICES}?filter={asked}")
    assert (response.status_code, response.json()["data"]) == (400, ["filter"])


def test_a_list_costs_the_same_queries_however_long(
    api: Api, alejandra: User, invoice: Invoice, django_assert_num_queries: Any
) -> None:
    """The person with what decides about the token; the count; the invoices with their kinds of lines; their
    receipts; the log."""
    for number in range(20):
        make_line(make_invoice(alejandra.tenant, f"G{number}"), invoice.line_items.all()[0].customer)
    token = api.token_of(alejandra)
    api.call(token, INVOICES)
    with django_assert_num_queries(6):
        api.call(token, INVOICES)


@pytest.mark.parametrize("name", ["G100", "Recurring-G100"])
def test_one_invoice_has_the_shape_of_the_samples(api: Api, alejandra: User, invoice: Invoice, name: str) -> None:
    body = api.call(alejandra, f"{INVOICES}/{name}").json()
    assert shape(body) == {**LISTED, **strings("billingPeriodStartDate", "billingPeriodEndDate")}
    assert body["billingPeriodStartDate"] == "2025-12-01T00:00:00Z"


def test_an_amended_invoice_and_its_note_name_each_other(api: Api, alejandra: User, invoice: Invoice) -> None:
    note = make_invoice(alejandra.tenant, "G101", total=-1250)
    Invoice.objects.filter(pk=note.pk).update(amends_of=invoice, document_type="adjustment_note")
    (amendment,) = api.call(alejandra, f"{INVOICES}/G100").json()["amendments"]
    assert (amendment["id"], amendment["amendsOf"], amendment["totalCharges"]) == ("G101", "G100", -12.5)
    assert api.call(alejandra, f"{INVOICES}/G101").json()["documentType"] == "adjustment_note"


@pytest.mark.parametrize("path", ["", "/documents/statement", "/lineitems?provider=office&invoicelineitemtype=x"])
def test_another_partners_invoice_is_not_found(api: Api, olga: User, invoice: Invoice, path: str) -> None:
    accepted = {"Accept": "*/*"}
    assert api.call(olga, f"{INVOICES}/G100{path}", headers=accepted).status_code == 404


LICENSE = {
    **strings(
        "partnerId", "customerId", "customerName", "subscriptionId", "offerId", "offerName", "domainName",
        "billingCycleType", "subscriptionName", "subscriptionDescription", "subscriptionStartDate",
        "subscriptionEndDate", "chargeStartDate", "chargeEndDate", "chargeType", "currency", "invoiceLineItemType",
        "billingProvider",
    ),
    **amounts("unitPrice", "amount", "totalOtherDiscount", "subtotal", "tax", "totalForCustomer"),
    **dict.fromkeys(("mpnId", "tier2MpnId", "quantity"), "int"),
    "attributes": TYPED,
}  # fmt: skip


def test_license_lines_have_the_shape_of_the_samples(api: Api, alejandra: User, invoice: Invoice) -> None:
    body = api.call(alejandra, f"{INVOICES}/G100/lineitems/Office/BillingLineItems").json()
    assert shape(body) == {"totalCount": "int", "items": [LICENSE], "links": SELF, "attributes": TYPED}
    (line,) = body["items"]
    assert (line["unitPrice"], line["tax"], line["tier2MpnId"], line["chargeType"]) == (12.5, 2.5, -1, "CycleCharge")
    assert (line["billingProvider"], line["attributes"]) == ("office", {"objectType": "LicenseBasedLineItem"})


@pytest.mark.parametrize(
    ("provider", "kind", "name"),
    [
        ("azure", "azure", "UsageBasedLineItem"),
        ("ONETIME", "one_time", "OneTimeInvoiceLineItem"),
        ("marketplace", "one_time", "OneTimeInvoiceLineItem"),
    ],
)
def test_each_provider_has_its_own_shape(
    api: Api, alejandra: User, invoice: Invoice, provider: str, kind: str, name: str
) -> None:
    query = f"provider={provider}&invoicelineitemtype=billinglineitems"
    (line,) = api.call(alejandra, f"{INVOICES}/G100/lineitems?{query}").json()["items"]
    assert (line["billingProvider"], line["attributes"]["objectType"]) == (kind, name)


def test_lines_are_read_to_the_end_by_continuation_token(api: Api, alejandra: User, invoice: Invoice) -> None:
    customer = invoice.line_items.all()[0].customer
    for _number in range(4):
        make_line(invoice, customer)
    path = f"{INVOICES}/G100/lineitems?provider=office&invoicelineitemtype=billinglineitems&size=2"
    seen, page = 0, api.call(alejandra, path).json()
    while True:
        seen += len(page["items"])
        assert page["totalCount"] == 5
        if "next" not in page["links"]:
            break
        (header,) = page["links"]["next"]["headers"]
        uri = page["links"]["next"]["uri"]
        assert "provider=office" in uri
        page = api.call(alejandra, f"/v1{uri}", headers={header["key"]: header["value"]}).json()
    assert seen == 5


def test_lines_may_be_read_by_offset_too(api: Api, alejandra: User, invoice: Invoice) -> None:
    query = "provider=all&invoicelineitemtype=BillingLineItems&size=2&offset=2"
    body = api.call(alejandra, f"{INVOICES}/G100/lineitems?{query}").json()
    assert (len(body["items"]), body["totalCount"]) == (1, 3)
    assert shape(body["links"]) == {"self": LINK, "previous": LINK}


@pytest.mark.parametrize(
    ("invoice_id", "query", "field"),
    [
        ("G100", "invoicelineitemtype=billinglineitems", "provider"),
        ("G100", "provider=x&invoicelineitemtype=billinglineitems", "provider"),
        ("G100", "provider=office", "invoicelineitemtype"),
        ("G100", "provider=office&invoicelineitemtype=billinglineitems&size=2001", "size"),
        ("unbilled", "provider=onetime&invoicelineitemtype=billinglineitems&currencycode=USD", "period"),
        ("unbilled", "provider=onetime&invoicelineitemtype=billinglineitems&period=current", "currencycode"),
    ],
)
def test_a_bad_query_for_lines_names_what_is_wrong(
    api: Api, alejandra: User, invoice: Invoice, invoice_id: str, query: str, field: str
) -> None:
    response = api.call(alejandra, f"{INVOICES}/{invoice_id}/lineitems?{query}")
    assert (response.status_code, response.json()["data"]) == (400, [field])


def test_the_links_to_estimates_lead_somewhere(api: Api, alejandra: User) -> None:
    body = api.call(alejandra, f"{INVOICES}/estimates/links?currencycode=usd").json()
    item = {**strings("type", "title", "description", "period"), "link": LINK}
    assert shape(body) == {"totalCount": "int", "items": [item], "links": {}, "attributes": TYPED}
    assert [(each["type"], each["period"]) for each in body["items"]] == [
        ("daily_rated_usage", "Current"),
        ("daily_rated_usage", "Previous"),
        ("non_consumption", "Current"),
        ("non_consumption", "Previous"),
    ]
    for each in body["items"]:
        assert api.call(alejandra, f"/v1{each['link']['uri']}").json()["items"] == []  # nothing was ordered


@pytest.mark.parametrize("query", ["", "?currencycode=", "?currencycode=DOLLARS", "?currencycode=12%C2%B2"])
def test_estimates_are_asked_for_in_a_currency(api: Api, alejandra: User, query: str) -> None:
    assert api.call(alejandra, f"{INVOICES}/estimates/links{query}").json()["data"] == ["currencycode"]


def test_the_statement_is_the_portals_pdf(api: Api, alejandra: User, invoice: Invoice) -> None:
    response = api.call(alejandra, f"{INVOICES}/G100/documents/statement", headers={"Accept": "application/pdf"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == 'attachment; filename="statement-G100.pdf"'
    assert response.content.startswith(b"%PDF-")


def test_the_receipt_is_where_its_link_says(api: Api, alejandra: User, olga: User, invoice: Invoice) -> None:
    (receipt,) = api.call(alejandra, f"{INVOICES}/G100").json()["taxReceipts"]
    assert receipt == {"id": "R100", "taxReceiptPdfDownloadLink": "/invoices/G100/receipts/R100/documents/statement"}
    link = f"/v1{receipt['taxReceiptPdfDownloadLink']}"
    response = api.call(alejandra, link, headers={"Accept": "application/pdf"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == 'attachment; filename="receipt-R100.pdf"'
    assert response.content.startswith(b"%PDF-")
    assert api.call(olga, link).status_code == 404
    make_invoice(alejandra.tenant, "G101")
    assert api.call(alejandra, link.replace("G100", "G101")).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [(Role.BILLING_ADMIN, 200), (Role.GLOBAL_ADMIN, 200), (Role.SALES_AGENT, 403)]
)
def test_billing_has_the_roles_of_the_billing_pages(api: Api, contoso: PartnerTenant, role: Role, status: int) -> None:
    user = known(make_user(contoso, "Bruno Costa", "bruno@contoso.example", [role]), api)
    assert api.call(user, INVOICES).status_code == status


@pytest.mark.requirement("A6")
def test_an_application_by_itself_is_answered_in_the_edition_of_2021_only(
    api: Api, alejandra: User, settings: Any
) -> None:
    token = api.app_only_token(alejandra)
    assert api.call(token, INVOICES).json()["code"] == "900329"
    settings.API_EDITION = "2021"
    assert api.call(token, INVOICES).status_code == 200
    assert api.call(token, f"{INVOICES}/summaries").json()["code"] == "900329"
