"""Carts of a customer. The shapes are typed from the public samples, not from our answers."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from activity.models import AuditRecord
from customers.models import Availability, Cart, Customer, Order, Price, Subscription
from tests.portal.api.conftest import Api
from tests.portal.api.shapes import LINK, TYPED, shape
from tests.portal.api.test_orders import LINE as ORDER_LINE
from tests.portal.api.test_orders import ORDER
from tests.portal.business import make_customer, make_subscription
from tests.portal.catalog import COPILOT, E3, make_offer

LINE = {
    "id": "int",
    "catalogItemId": "str",
    "quantity": "int",
    "currencyCode": "str",
    "billingCycle": "str",
    "termDuration": "str",
    "orderGroup": "str",
}
CART = {
    "id": "str",
    "creationTimestamp": "str",
    "lastModifiedTimestamp": "str",
    "expirationTimestamp": "str",
    "lastModifiedUser": "str",
    "status": "str",
    "lineItems": [LINE],
    "links": {"self": LINK},
    "attributes": {**TYPED, "etag": "str"},
}
ONE = {"catalogItemId": f"{E3}:US0000000001", "quantity": 3}


@pytest.fixture
def customer(alejandra: User) -> Customer:
    make_offer(COPILOT, "Microsoft 365 Copilot", needs=(make_offer(),))
    return make_customer(alejandra.tenant)


def carts(customer: Customer, more: str = "") -> str:
    return f"/v1/customers/{customer.tenant_id}/carts{more}"


def fill(api: Api, who: User, customer: Customer, *lines: dict[str, Any]) -> Any:
    return api.call(who, carts(customer), method="POST", body={"lineItems": list(lines)})


def check_out(api: Api, who: User, customer: Customer, key: str) -> Any:
    return api.call(who, carts(customer, f"/{key}/checkout"), method="POST")


def expire(key: str) -> None:
    Cart.objects.filter(pk=key).update(expiration_timestamp=timezone.now() - timedelta(seconds=1))


def test_a_cart_has_the_shape_of_the_samples(api: Api, alejandra: User, customer: Customer) -> None:
    answer = fill(api, alejandra, customer, ONE)
    assert answer.status_code == 201
    body = answer.json()
    assert shape(body) == CART
    assert (body["status"], body["attributes"]["objectType"]) == ("Active", "Cart")
    assert answer["Location"] == carts(customer, f"/{body['id']}")
    assert api.call(alejandra, f"/v1{body['links']['self']['uri']}").json() == body
    assert AuditRecord.objects.get(action="customer.cart-created").detail["cart"] == body["id"]


def test_a_line_takes_the_markets_currency_and_the_usual_term(api: Api, alejandra: User, customer: Customer) -> None:
    (line,) = fill(api, alejandra, customer, ONE).json()["lineItems"]
    assert (line["currencyCode"], line["billingCycle"], line["termDuration"]) == ("USD", "monthly", "P1Y")


def test_whatever_may_be_said_about_a_line_is_kept(api: Api, alejandra: User, customer: Customer) -> None:
    base = make_subscription(customer)
    line = {
        "catalogItemId": COPILOT,
        "quantity": 1,
        "friendlyName": "For the board",
        "billingCycle": "Monthly",
        "termDuration": "P1M",
        "participants": [{"key": "transaction_reseller", "value": "5357564"}],
        "provisioningContext": {"parentSubscriptionId": str(base.pk)},
    }
    (kept,) = fill(api, alejandra, customer, line).json()["lineItems"]
    assert kept == {**line, "billingCycle": "monthly", "id": 0, "currencyCode": "USD", "orderGroup": "0"}


def test_add_ons_stand_under_their_base(api: Api, alejandra: User, customer: Customer) -> None:
    add_on = {"catalogItemId": COPILOT, "quantity": 1}
    body = fill(api, alejandra, customer, {**ONE, "billingCycle": "annual", "addonItems": [add_on]}).json()
    assert shape(body["lineItems"]) == [{**LINE, "addonItems": [LINE]}]
    (under,) = body["lineItems"][0]["addonItems"]
    assert (under["id"], under["billingCycle"], under["orderGroup"]) == (1, "annual", "0")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"catalogItemId": "NONE:0001:X", "quantity": 1}, "900142"),
        ({"catalogItemId": f"{E3}:JP0000000001", "quantity": 1}, "800020"),
        ({"catalogItemId": E3, "quantity": 1, "billingCycle": "one_time"}, "800020"),
        ({"catalogItemId": E3, "quantity": 1001}, "800017"),
        ({"catalogItemId": COPILOT, "quantity": 1}, "800029"),
    ],
)
def test_a_line_that_cannot_be_ordered_says_so_in_the_cart_and_at_check_out(
    api: Api, alejandra: User, customer: Customer, line: dict[str, Any], code: str
) -> None:
    body = fill(api, alejandra, customer, ONE, line).json()
    assert "error" not in body["lineItems"][0]
    assert shape(body["lineItems"][1]["error"]) == {"errorCode": "str", "errorDescription": "str"}
    assert body["lineItems"][1]["error"]["errorCode"] == code
    refused = check_out(api, alejandra, customer, body["id"])
    assert (refused.status_code, refused.json()["code"]) == (400, "800009")
    assert refused.json()["data"] == ["lineItems[1]"]
    assert not Order.objects.exists()
    assert Cart.objects.get().status == "Active"


def test_checking_out_gives_an_order_a_billing_cycle(api: Api, alejandra: User, customer: Customer) -> None:
    add_on = {"catalogItemId": COPILOT, "quantity": 1, "billingCycle": "annual"}
    lines = ({**ONE, "billingCycle": "annual"}, {"catalogItemId": E3, "quantity": 7, "addonItems": [add_on]})
    cart = fill(api, alejandra, customer, *lines).json()
    assert [line["orderGroup"] for line in cart["lineItems"]] == ["0", "1"]
    answer = check_out(api, alejandra, customer, cart["id"])
    assert answer.status_code == 201
    body = answer.json()
    assert shape(body) == {"orders": [ORDER], "attributes": TYPED}
    assert body["attributes"] == {"objectType": "CartCheckoutResult"}
    placed = [(order["billingCycle"], [line["quantity"] for line in order["lineItems"]]) for order in body["orders"]]
    assert placed == [("annual", [3, 1]), ("monthly", [7])]
    assert shape(body["orders"][0]["lineItems"][1]) == {**ORDER_LINE, "parentSubscriptionId": "str"}
    under = Subscription.objects.get(offer_id=COPILOT)
    assert under.parent is not None
    assert under.parent.quantity == 7
    assert AuditRecord.objects.filter(action="customer.order-placed").count() == 2


def test_a_cart_is_checked_out_once(api: Api, alejandra: User, customer: Customer) -> None:
    key = fill(api, alejandra, customer, ONE).json()["id"]
    assert check_out(api, alejandra, customer, key).status_code == 201
    again = check_out(api, alejandra, customer, key)
    assert (again.status_code, again.json()["code"]) == (400, "800065")
    changed = api.call(alejandra, carts(customer, f"/{key}"), method="PUT", body={"lineItems": [ONE]})
    assert (changed.status_code, changed.json()["code"]) == (400, "800065")
    assert Order.objects.count() == 1
    expire(key)
    assert api.call(alejandra, carts(customer, f"/{key}")).json()["status"] == "Ordered"


def test_prices_are_those_of_the_check_out(api: Api, alejandra: User, customer: Customer) -> None:
    key = fill(api, alejandra, customer, ONE).json()["id"]
    Price.objects.filter(term_duration="P1Y", billing_cycle="monthly").update(unit_price=3500)
    path = carts(customer, f"/{key}/checkout?includePrice=true")
    body = api.call(alejandra, path, method="POST").json()
    assert body["orders"][0]["totalPrice"] == 105.0


def test_an_item_that_left_the_market_meanwhile_is_not_ordered(api: Api, alejandra: User, customer: Customer) -> None:
    key = fill(api, alejandra, customer, ONE).json()["id"]
    Availability.objects.filter(sku=E3).delete()
    assert check_out(api, alejandra, customer, key).json()["code"] == "800009"


def test_the_lines_of_a_cart_are_replaced_and_it_lives_on(api: Api, alejandra: User, customer: Customer) -> None:
    first = fill(api, alejandra, customer, ONE, ONE).json()
    body = {**first, "lineItems": [{**ONE, "quantity": 9}]}
    answer = api.call(alejandra, carts(customer, f"/{first['id']}"), method="PUT", body=body)
    assert (answer.status_code, shape(answer.json())) == (200, CART)
    changed = answer.json()
    assert [line["quantity"] for line in changed["lineItems"]] == [9]
    assert changed["creationTimestamp"] == first["creationTimestamp"]
    assert changed["expirationTimestamp"] > first["expirationTimestamp"]
    assert AuditRecord.objects.filter(action="customer.cart-changed").count() == 1


def test_who_names_an_older_version_changes_nothing(api: Api, alejandra: User, customer: Customer) -> None:
    cart = fill(api, alejandra, customer, ONE).json()
    path, named = carts(customer, f"/{cart['id']}"), {"If-Match": f'"{cart["attributes"]["etag"]}"'}
    body = {"lineItems": [{**ONE, "quantity": 9}]}
    assert api.call(alejandra, path, method="PUT", body=body, headers=named).status_code == 200
    again = api.call(alejandra, path, method="PUT", body={"lineItems": [ONE]}, headers=named)
    assert (again.status_code, again.json()["code"]) == (412, "2055")
    assert api.call(alejandra, path).json()["lineItems"][0]["quantity"] == 9


def test_a_cart_expires_after_a_quarter_of_an_hour(api: Api, alejandra: User, customer: Customer) -> None:
    key = fill(api, alejandra, customer, ONE).json()["id"]
    cart = Cart.objects.get(pk=key)
    assert cart.expiration_timestamp - cart.creation_timestamp == timedelta(minutes=15)
    expire(key)
    body = {"lineItems": [ONE]}
    for answer in (
        api.call(alejandra, carts(customer, f"/{key}")),
        api.call(alejandra, carts(customer, f"/{key}"), method="PUT", body=body),
        check_out(api, alejandra, customer, key),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "800008")
        assert "expired" in answer.json()["description"]
    assert not Order.objects.exists()


def test_a_new_cart_takes_the_place_of_those_that_expired(api: Api, alejandra: User, customer: Customer) -> None:
    expire(fill(api, alejandra, customer, ONE).json()["id"])
    kept = fill(api, alejandra, customer, ONE).json()["id"]
    assert [str(each.pk) for each in Cart.objects.all()] == [kept]


def test_nothing_is_put_into_a_cart_for_a_customer_that_is_not_resold_to(
    api: Api, alejandra: User, customer: Customer
) -> None:
    customer.relationship_to_partner = "advisor"
    customer.save()
    answer = fill(api, alejandra, customer, ONE)
    assert (answer.status_code, answer.json()["code"]) == (403, "20002")
    assert not Cart.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "lineItems"),
        ({"lineItems": []}, "lineItems"),
        ({"lineItems": [{"catalogItemId": E3}]}, "quantity"),
        ({"lineItems": [{"catalogItemId": E3, "quantity": 0}]}, "lineItems[0].quantity"),
        ({"lineItems": [{**ONE, "addonItems": [{"catalogItemId": 5, "quantity": 1}]}]}, "addonItems[0].catalogItemId"),
        ({"lineItems": [{**ONE, "billingCycle": "weekly"}]}, "lineItems[0].billingCycle"),
        ({"lineItems": [{**ONE, "provisioningContext": {"a": "b\u0000"}}]}, "provisioningContext"),
        ({"lineItems": [ONE] * 101}, "lineItems"),
    ],
)
def test_a_bad_body_names_the_field(
    api: Api, alejandra: User, customer: Customer, body: dict[str, Any], field: str
) -> None:
    answer = api.call(alejandra, carts(customer), method="POST", body=body)
    assert answer.status_code == 400
    assert field in answer.json()["description"]
    assert not Cart.objects.exists()


def test_another_customers_or_partners_cart_is_not_found(
    api: Api, alejandra: User, olga: User, customer: Customer
) -> None:
    key = fill(api, alejandra, customer, ONE).json()["id"]
    sibling = make_customer(alejandra.tenant, "Woodgrove", "woodgrovebank.example")
    theirs = make_customer(olga.tenant)
    for who, where in ((olga, customer), (olga, theirs), (alejandra, sibling)):
        assert api.call(who, carts(where, f"/{key}")).status_code == 404
        body = {"lineItems": [ONE]}
        assert api.call(who, carts(where, f"/{key}"), method="PUT", body=body).status_code == 404
        assert check_out(api, who, where, key).status_code == 404
    assert api.call(alejandra, carts(customer, f"/{uuid4()}")).status_code == 404
    assert not Order.objects.exists()


def test_filling_a_cart_costs_no_more_queries_for_more_kinds_of_items(
    api: Api, alejandra: User, customer: Customer
) -> None:
    """The lines are one insert; the catalog is read once."""
    lines = [{"catalogItemId": make_offer(f"CFQ7TTC0000{n}:0001").pk, "quantity": 1} for n in range(8)]
    token = api.token_of(alejandra)

    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as found:
            api.call(token, carts(customer), method="POST", body={"lineItems": lines[:count]})
        return len(found)

    assert queries(8) == queries(2)
