"""Line items that no invoice has yet, over the API: the same as the next invoice will have, under the same names."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from accounts.models import User
from billing.models import BillingAccount, Invoice
from billing.services import invoice_due
from customers.models import Subscription
from tests.portal.api.conftest import Api
from tests.portal.api.shapes import shape
from tests.portal.api.test_invoices import INVOICES, LICENSE
from tests.portal.business import make_customer, make_order

ALL = f"{INVOICES}/unbilled/lineitems?provider=all&invoicelineitemtype=BillingLineItems&currencycode=usd"


@pytest.fixture(autouse=True)
def clock(alejandra: User) -> Iterator[time_machine.Traveller]:
    """The 16th of a month of 30 days, of which nothing is billed; the month before it is."""
    BillingAccount.objects.create(partner=alejandra.tenant, billed_through=date(2026, 8, 31), tax_percent=10)
    with time_machine.travel(datetime(2026, 9, 16, 9, tzinfo=UTC), tick=False) as clock:
        yield clock


def ordered(user: User, count: int = 1, **values: Any) -> None:
    customer = make_customer(user.tenant)
    for number in range(count):
        make_order(customer, f"Offer {number}", **values)


def lines(api: Api, who: User, query: str = ALL, period: str = "current") -> Any:
    return api.call(who, f"{query}&period={period}").json()


def test_a_line_has_the_shape_of_the_samples_and_what_was_used_until_today(api: Api, alejandra: User) -> None:
    ordered(alejandra)
    body = lines(api, alejandra)
    assert (shape(body["items"]), body["totalCount"]) == ([LICENSE], 1)
    (line,) = body["items"]
    assert (line["chargeType"], line["quantity"], line["unitPrice"]) == ("CycleCharge", 5, 36.0)
    assert (line["subtotal"], line["tax"], line["totalForCustomer"]) == (96.0, 9.6, 105.6)  # 16 of 30 days
    assert (line["chargeStartDate"], line["chargeEndDate"]) == ("2026-09-01T00:00:00Z", "2026-09-16T00:00:00Z")
    assert line["subscriptionStartDate"] == "2026-01-05T00:00:00Z"
    assert line["subscriptionId"] == str(Subscription.objects.get().pk)


def test_the_month_before_waits_for_its_invoice_and_then_is_on_it(
    api: Api, alejandra: User, clock: time_machine.Traveller
) -> None:
    ordered(alejandra)
    assert lines(api, alejandra, period="previous")["items"] == []
    clock.move_to(datetime(2026, 10, 3, tzinfo=UTC))
    (waiting,) = lines(api, alejandra, period="Previous")["items"]
    clock.move_to(datetime(2026, 10, 6, tzinfo=UTC))
    invoice_due()
    assert lines(api, alejandra, period="previous")["items"] == []
    number = Invoice.objects.get().number
    billed = api.call(
        alejandra, f"{INVOICES}/{number}/lineitems?provider=office&invoicelineitemtype=billinglineitems"
    ).json()["items"]
    assert billed == [waiting]
    (receipt,) = api.call(alejandra, f"{INVOICES}/{number}").json()["taxReceipts"]
    link = f"/v1{receipt['taxReceiptPdfDownloadLink']}"
    assert api.call(alejandra, link, headers={"Accept": "application/pdf"}).content.startswith(b"%PDF-")


def test_lines_are_read_to_the_end_by_continuation_token(api: Api, alejandra: User) -> None:
    ordered(alejandra, 5)
    seen, page = [], lines(api, alejandra, f"{ALL}&size=2")
    while True:
        assert (page["totalCount"], len(page["items"]) <= 2) == (5, True)
        seen += [line["subscriptionId"] for line in page["items"]]
        if "next" not in page["links"]:
            break
        (header,) = page["links"]["next"]["headers"]
        assert header["value"] == page["continuationToken"]
        uri = page["links"]["next"]["uri"]
        page = api.call(alejandra, f"/v1{uri}", headers={header["key"]: header["value"]}).json()
    assert seen == sorted(str(key) for key in Subscription.objects.values_list("pk", flat=True))


def test_a_token_of_another_partner_or_list_leads_nowhere(api: Api, alejandra: User, olga: User) -> None:
    ordered(alejandra, 2)
    token = lines(api, alejandra, f"{ALL}&size=1")["continuationToken"]
    asked = f"{ALL}&period=current&seekOperation=Next"
    assert api.call(alejandra, asked, headers={"MS-ContinuationToken": token}).status_code == 200
    for who, wrong in ((olga, token), (alejandra, f"{token}x"), (alejandra, "")):
        response = api.call(who, asked, headers={"MS-ContinuationToken": wrong})
        assert (response.status_code, response.json()["data"]) == (400, ["MS-ContinuationToken"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("provider=all&invoicelineitemtype=billinglineitems&currencycode=USD", ["office", "one_time"]),
        ("provider=office&invoicelineitemtype=billinglineitems&currencycode=USD", ["office"]),
        ("provider=onetime&invoicelineitemtype=billinglineitems&currencycode=USD", ["one_time"]),
        ("provider=all&invoicelineitemtype=billinglineitems&currencycode=EUR", ["office"]),
        ("provider=all&invoicelineitemtype=billinglineitems&currencycode=GBP", []),
        ("provider=all&invoicelineitemtype=usagelineitems&currencycode=USD", []),
    ],
)
def test_lines_are_of_the_provider_and_currency_asked_for(
    api: Api, alejandra: User, query: str, found: list[str]
) -> None:
    customer = make_customer(alejandra.tenant)
    make_order(customer)
    make_order(customer, billing_cycle="one_time", effective_start_date=date(2026, 9, 3))
    make_order(customer, currency="EUR")
    make_order(customer, unit_type="Usage")
    items = lines(api, alejandra, f"{INVOICES}/unbilled/lineitems?{query}")["items"]
    assert sorted(line["billingProvider"] for line in items) == found


def test_the_estimates_lead_to_lines_that_add_up_to_the_portals_sum(
    api: Api, alejandra: User, clock: time_machine.Traveller
) -> None:
    ordered(alejandra, 3, price=1999)
    clock.move_to(datetime(2026, 10, 2, tzinfo=UTC))
    links = api.call(alejandra, f"{INVOICES}/estimates/links?currencycode=usd").json()["items"]
    sums: dict[str, Decimal] = {}
    for each in links:
        items = api.call(alejandra, f"/v1{each['link']['uri']}").json()["items"]
        amounts = (Decimal(str(line["totalForCustomer"])) for line in items)
        sums[each["period"]] = sums.get(each["period"], Decimal(0)) + sum(amounts)
    # 5 x 19.99 = 99.95 and its tax of 10.00; two of 31 days of it 6.45 and 0.65.
    assert sums == {"Previous": 3 * Decimal("109.95"), "Current": 3 * Decimal("7.10")}


def test_another_partners_charges_are_not_among_them(api: Api, alejandra: User, olga: User) -> None:
    ordered(olga)
    assert lines(api, alejandra)["items"] == []
    assert len(lines(api, olga)["items"]) == 1


def test_more_lines_add_no_query(api: Api, alejandra: User, django_assert_num_queries: Any) -> None:
    """The person with what decides about the token; the calls of this minute; how far is billed; the rate; the
    subscriptions; their changes; the customers of the page; the partner's profile and tenant; the log."""
    ordered(alejandra, 12)
    token = api.token_of(alejandra)
    api.call(token, f"{ALL}&period=current")
    with django_assert_num_queries(10):
        api.call(token, f"{ALL}&period=current")
