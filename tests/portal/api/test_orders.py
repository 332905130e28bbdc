"""Orders of a customer. The shapes are typed from the public samples, not from our answers."""

from typing import Any

import pytest

from accounts.models import User
from activity.models import AuditRecord
from customers.models import Customer, Order, Subscription
from tests.portal.api.conftest import Api
from tests.portal.api.shapes import LINK, TYPED, collection, shape
from tests.portal.business import make_customer, make_subscription
from tests.portal.catalog import COPILOT, E3, make_offer, make_promotion

LINE = {
    "lineItemNumber": "int",
    "offerId": "str",
    "subscriptionId": "str",
    "termDuration": "str",
    "transactionType": "str",
    "friendlyName": "str",
    "quantity": "int",
    "links": {"subscription": LINK, "sku": LINK, "provisioningStatus": LINK},
}
ORDER = {
    "id": "str",
    "alternateId": "str",
    "referenceCustomerId": "str",
    "billingCycle": "str",
    "currencyCode": "str",
    "currencySymbol": "str",
    "lineItems": [LINE],
    "creationDate": "str",
    "status": "str",
    "transactionType": "str",
    "links": {"self": LINK},
    "attributes": TYPED,
}


@pytest.fixture
def customer(alejandra: User) -> Customer:
    return make_customer(alejandra.tenant)


def orders(customer: Customer, more: str = "") -> str:
    return f"/v1/customers/{customer.tenant_id}/orders{more}"


def place(api: Api, who: User, customer: Customer, *lines: dict[str, Any], more: str = "", **values: Any) -> Any:
    return api.call(who, orders(customer, more), method="POST", body={"lineItems": list(lines), **values})


def test_an_order_makes_subscriptions_at_once(api: Api, alejandra: User, customer: Customer) -> None:
    make_offer()
    line = {"offerId": E3, "quantity": 5, "friendlyName": "Head office", "partnerIdOnRecord": "4847383"}
    answer = place(api, alejandra, customer, line, BillingCycle="Annual")
    assert answer.status_code == 201
    body = answer.json()
    assert shape(body) == {**ORDER, "lineItems": [{**LINE, "partnerIdOnRecord": "str"}]}
    assert (body["status"], body["billingCycle"], body["currencyCode"]) == ("completed", "annual", "USD")
    assert body["attributes"] == {"objectType": "Order"}
    assert answer["Location"] == orders(customer, f"/{body['id']}")
    subscription = Subscription.objects.get(pk=body["lineItems"][0]["subscriptionId"])
    assert (subscription.customer, subscription.quantity, subscription.status) == (customer, 5, "active")
    assert (subscription.term_duration, subscription.billing_cycle) == ("P1Y", "annual")
    assert (subscription.friendly_name, subscription.partner_id) == ("Head office", "4847383")
    record = AuditRecord.objects.get(action="customer.order-placed")
    assert (record.actor, record.detail["order"]) == ("alejandra@contoso.example", body["id"])


def test_an_orders_lines_say_whether_they_are_provisioned(api: Api, alejandra: User, customer: Customer) -> None:
    make_offer()
    lines = [{"offerId": E3, "quantity": quantity} for quantity in (3, 8)]
    key = place(api, alejandra, customer, *lines).json()["id"]
    Subscription.objects.filter(quantity=8).update(status="pending")
    body = api.call(alejandra, orders(customer, f"/{key}/provisioningstatus")).json()
    line = {
        "orderLineItemId": "int",
        "lineItemNumber": "int",
        "status": "str",
        "quantityProvisioningInformation": [{"quantity": "int", "status": "str"}],
    }
    assert shape(body) == {"totalCount": "int", "items": [line], "links": {}, "attributes": TYPED}
    assert [
        (each["lineItemNumber"], each["status"], each["quantityProvisioningInformation"]) for each in body["items"]
    ] == [
        (0, "fulfilled", [{"quantity": 3, "status": "fulfilled"}]),
        (1, "prefulfillment_pending", [{"quantity": 8, "status": "prefulfillment_pending"}]),
    ]


def test_another_partner_does_not_find_an_orders_status(
    api: Api, alejandra: User, olga: User, customer: Customer
) -> None:
    make_offer()
    key = place(api, alejandra, customer, {"offerId": E3, "quantity": 1}).json()["id"]
    path = f"/{key}/provisioningstatus"
    assert api.call(olga, orders(customer, path)).status_code == 404
    hers = make_customer(olga.tenant, "Hers", "hers.example")
    assert api.call(olga, orders(hers, path)).status_code == 404


def test_an_order_is_walked_by_its_links(api: Api, alejandra: User, customer: Customer) -> None:
    make_offer()
    body = place(api, alejandra, customer, {"offerId": f"{E3}:US0000000001", "quantity": 1}).json()
    links = [body["links"]["self"], *body["lineItems"][0]["links"].values()]
    assert [api.call(alejandra, f"/v1{link['uri']}").status_code for link in links] == [200, 200, 200, 200]
    assert api.call(alejandra, f"/v1{links[0]['uri']}").json() == body
    assert api.call(alejandra, f"/v1{links[1]['uri']}").json()["orderId"] == body["id"]
    found = api.call(alejandra, f"/v1/customers/{customer.tenant_id}/subscriptions?order_id={body['id']}").json()
    assert found["totalCount"] == 1


def test_the_list_has_the_shape_of_the_samples_newest_first(api: Api, alejandra: User, customer: Customer) -> None:
    make_offer()
    placed = [place(api, alejandra, customer, {"offerId": E3, "quantity": 1}).json()["id"] for _each in range(2)]
    place(api, alejandra, customer, {"offerId": E3, "quantity": 1}, billingCycle=2)
    body = api.call(alejandra, orders(customer)).json()
    assert (body["totalCount"], shape(body["items"][0])) == (3, ORDER)
    monthly = api.call(alejandra, orders(customer, "?billingType=monthly")).json()
    assert [each["id"] for each in monthly["items"]] == placed[::-1]
    assert shape(monthly) == collection(ORDER)
    wrong = api.call(alejandra, orders(customer, "?billingType=weekly"))
    assert (wrong.status_code, wrong.json()["data"]) == (400, ["billingType"])


def test_prices_are_decimals_in_the_customers_currency_less_the_promotion(
    api: Api, alejandra: User, customer: Customer
) -> None:
    """36.00 dollars less 15 per cent are 30.60; five of them 153.00."""
    sku = make_offer()
    make_promotion(sku, 1, percent=10)
    best = make_promotion(sku, 2, percent=15)
    make_promotion(sku, 3, percent=50, ends_in=-1)
    make_promotion(sku, 4, percent=60, auto=False)
    body = place(api, alejandra, customer, {"offerId": E3, "quantity": 5}, more="?includePrice=true").json()
    (line,) = body["lineItems"]
    assert line["promotionId"] == best.pk
    assert line["pricing"] == {
        "listPrice": 36.0,
        "discountedPrice": 30.6,
        "proratedPrice": 30.6,
        "price": 30.6,
        "extendedPrice": 153.0,
    }
    assert body["totalPrice"] == 153.0


def test_a_currency_without_smaller_units_has_whole_prices(api: Api, alejandra: User) -> None:
    make_offer(countries=("JP",), currency="JPY")
    japanese = make_customer(alejandra.tenant, country="JP")
    body = place(api, alejandra, japanese, {"offerId": E3, "quantity": 2}, more="?includePrice=true").json()
    assert (body["currencyCode"], body["currencySymbol"], body["totalPrice"]) == ("JPY", "¥", 7200.0)


def test_the_price_stays_what_it_was_on_the_day(api: Api, alejandra: User, customer: Customer) -> None:
    sku = make_offer()
    body = place(api, alejandra, customer, {"offerId": E3, "quantity": 1}).json()
    sku.prices.update(unit_price=9900)
    found = api.call(alejandra, orders(customer, f"/{body['id']}?includePrice=true")).json()
    assert found["totalPrice"] == 36.0


def test_an_add_on_is_ordered_for_a_subscription_that_exists(api: Api, alejandra: User, customer: Customer) -> None:
    base = make_subscription(customer)
    make_offer(COPILOT, "Microsoft 365 Copilot", needs=(make_offer(),))
    line = {"offerId": COPILOT, "quantity": 1, "parentSubscriptionId": str(base.pk)}
    answer = place(api, alejandra, customer, line)
    (shown,) = answer.json()["lineItems"]
    assert shown["parentSubscriptionId"] == str(base.pk)
    assert base.add_ons.get().offer_id == "CFQ7TTC0MM8R:0002"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"offerId": "NONE:0001"}, "900142"),
        ({"offerId": "CFQ7TTC0LFLX:0001"}, "800020"),
        ({"offerId": f"{E3}:JP0000000001"}, "800020"),
        ({"offerId": E3, "termDuration": "P3Y"}, "800020"),
        ({"offerId": E3, "quantity": 1001}, "800017"),
        ({"offerId": COPILOT}, "800029"),
        ({"offerId": COPILOT, "parentSubscriptionId": "nonsense"}, "800029"),
    ],
)
def test_a_line_that_is_not_sold_like_that_refuses_the_whole_order(
    api: Api, alejandra: User, customer: Customer, line: dict[str, Any], code: str
) -> None:
    sku = make_offer()
    make_offer("CFQ7TTC0LFLX:0001", "Microsoft 365 E5", countries=("JP",))
    make_offer(COPILOT, "Microsoft 365 Copilot", needs=(sku,))
    answer = place(api, alejandra, customer, {"offerId": E3, "quantity": 1}, {"quantity": 1, **line})
    assert (answer.status_code, answer.json()["code"], answer.json()["data"]) == (400, code, ["lineItems[1]"])
    assert not Order.objects.exists()
    assert not Subscription.objects.exists()
    assert not AuditRecord.objects.filter(action="customer.order-placed").exists()


def test_another_customers_subscription_takes_no_add_on(api: Api, alejandra: User, customer: Customer) -> None:
    other = make_subscription(make_customer(alejandra.tenant, "Woodgrove", "woodgrovebank.example"))
    make_offer(COPILOT, "Microsoft 365 Copilot", needs=(make_offer(),))
    line = {"offerId": COPILOT, "quantity": 1, "parentSubscriptionId": str(other.pk)}
    assert place(api, alejandra, customer, line).json()["code"] == "800029"


def test_a_suspended_subscription_takes_no_add_on(api: Api, alejandra: User, customer: Customer) -> None:
    base = make_subscription(customer)
    base.status = "suspended"
    base.save()
    make_offer(COPILOT, "Microsoft 365 Copilot", needs=(make_offer(),))
    line = {"offerId": COPILOT, "quantity": 1, "parentSubscriptionId": str(base.pk)}
    assert place(api, alejandra, customer, line).json()["code"] == "800012"


@pytest.mark.parametrize("relationship", ["advisor", "none"])
def test_only_a_reseller_orders_for_the_customer(
    api: Api, alejandra: User, customer: Customer, relationship: str
) -> None:
    make_offer()
    customer.relationship_to_partner = relationship
    customer.save()
    answer = place(api, alejandra, customer, {"offerId": E3, "quantity": 1})
    assert (answer.status_code, answer.json()["code"]) == (403, "20002")
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "The body"),
        ({"lineItems": []}, "lineItems"),
        ({"lineItems": [{"offerId": E3}]}, "lineItems[0]"),
        ({"lineItems": [{"offerId": E3, "quantity": 0}]}, "lineItems[0].quantity"),
        ({"lineItems": [{"offerId": E3, "quantity": 10**12}]}, "lineItems[0].quantity"),
        ({"lineItems": [{"offerId": E3, "quantity": 1, "termDuration": "P9Y"}]}, "lineItems[0].termDuration"),
        ({"lineItems": [{"offerId": E3, "quantity": 1, "partnerIdOnRecord": "x"}]}, "lineItems[0].partnerIdOnRecord"),
        ({"lineItems": [{"offerId": "a\u0000", "quantity": 1}]}, "lineItems[0].offerId"),
        ({"lineItems": [{"offerId": E3, "quantity": 1}], "billingCycle": "weekly"}, "billingCycle"),
    ],
)
def test_a_bad_body_names_the_field(
    api: Api, alejandra: User, customer: Customer, body: dict[str, Any], field: str
) -> None:
    make_offer()
    answer = api.call(alejandra, orders(customer), method="POST", body=body)
    assert answer.status_code == 400
    assert field in answer.json()["description"]


def test_another_partners_orders_are_not_found(api: Api, alejandra: User, olga: User, customer: Customer) -> None:
    make_offer()
    body = place(api, alejandra, customer, {"offerId": E3, "quantity": 1}).json()
    theirs = make_customer(olga.tenant)
    assert api.call(olga, orders(customer)).status_code == 404
    assert api.call(olga, orders(customer, f"/{body['id']}")).status_code == 404
    assert api.call(olga, orders(theirs, f"/{body['id']}")).status_code == 404
    assert place(api, olga, customer, {"offerId": E3, "quantity": 1}).status_code == 404


def test_a_list_costs_the_same_queries_however_long(
    api: Api, alejandra: User, customer: Customer, django_assert_num_queries: Any
) -> None:
    """The person; the customer; the count; the orders; their lines with the subscriptions; the log."""
    make_offer()
    for _number in range(6):
        place(api, alejandra, customer, {"offerId": E3, "quantity": 1}, {"offerId": E3, "quantity": 2})
    token = api.token_of(alejandra)
    with django_assert_num_queries(7):
        api.call(token, orders(customer))
