"""Carts and orders of as many lines as the API takes."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from customers.models import Customer
from tests.portal.api.conftest import Api
from tests.portal.api.test_carts import ONE, carts, check_out, customer, fill
from tests.portal.catalog import COPILOT

__all__ = ["customer"]
ADD_ON = {"catalogItemId": COPILOT, "quantity": 1}


def test_a_full_cart_costs_the_same_queries_as_a_small_one(api: Api, alejandra: User, customer: Customer) -> None:
    def queries(lines: int) -> list[int]:
        with CaptureQueriesContext(connection) as filled:
            answer = fill(api, alejandra, customer, *[{**ONE, "addonItems": [ADD_ON] * 3}] * lines)
        with CaptureQueriesContext(connection) as ordered:
            orders = check_out(api, alejandra, customer, answer.json()["id"]).json()["orders"]
        assert sum(len(order["lineItems"]) for order in orders) == 4 * lines
        return [len(filled), len(ordered)]

    queries(1)
    assert queries(1) == queries(8)


def test_the_fullest_cart_is_read_ordered_and_its_order_read(api: Api, alejandra: User, customer: Customer) -> None:
    cart = fill(api, alejandra, customer, *[{**ONE, "addonItems": [ADD_ON] * 20}] * 100).json()
    assert [len(line["addonItems"]) for line in cart["lineItems"]] == [20] * 100
    assert api.call(alejandra, carts(customer, f"/{cart['id']}")).json() == cart
    (order,) = check_out(api, alejandra, customer, cart["id"]).json()["orders"]
    assert len(order["lineItems"]) == 2100
    assert api.call(alejandra, f"/v1{order['links']['self']['uri']}").json() == order
