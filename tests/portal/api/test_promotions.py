"""Promotions. The shapes are typed from the public samples, not from our answers."""

from typing import Any

import pytest

from accounts.models import User
from tests.portal.api.conftest import Api
from tests.portal.api.shapes import TYPED, collection, shape
from tests.portal.catalog import make_offer, make_promotion

PROMOTIONS = "/v1/productpromotions?country=US&segment=commercial"
PROMOTION = {
    "id": "str",
    "name": "str",
    "description": "str",
    "startDate": "str",
    "endDate": "str",
    "properties": {"isAutoApplicable": "bool"},
    "requiredProducts": [
        {
            "productId": "str",
            "skuId": "str",
            "term": {"duration": "str", "billingCycle": "str"},
            "pricingPolicies": [{"policyType": "str", "value": "str"}],
        }
    ],
    "attributes": TYPED,
}


def test_promotions_have_the_shape_of_the_samples(api: Api, alejandra: User) -> None:
    make_promotion(make_offer(), percent=5)
    body = api.call(alejandra, PROMOTIONS).json()
    assert shape(body) == collection(PROMOTION)
    (promotion,) = body["items"]
    assert promotion["requiredProducts"] == [
        {
            "productId": "CFQ7TTC0LF8R",
            "skuId": "0001",
            "term": {"duration": "P1Y", "billingCycle": "Monthly"},
            "pricingPolicies": [{"policyType": "PercentDiscount", "value": "0.05"}],
        }
    ]
    assert promotion["startDate"].endswith("Z")
    assert promotion["attributes"] == {"objectType": "ProductPromotion"}


def test_the_list_holds_what_is_in_force_in_the_market(api: Api, alejandra: User) -> None:
    american, japanese = make_offer(), make_offer("CFQ7TTC0LFLX:0001", countries=("JP",))
    make_promotion(american, 1)
    make_promotion(american, 2, begins_in=-9, ends_in=-1)
    make_promotion(american, 3, begins_in=1)
    make_promotion(japanese, 4)
    assert [each["id"][-1] for each in api.call(alejandra, PROMOTIONS).json()["items"]] == ["1"]


def test_one_promotion_is_read_even_when_it_is_over(api: Api, alejandra: User) -> None:
    over = make_promotion(make_offer(), ends_in=-1)
    body = api.call(alejandra, f"/v1/productpromotions/{over.pk}?country=US").json()
    assert shape(body) == PROMOTION
    assert api.call(alejandra, f"/v1/productpromotions/{over.pk}?country=JP").status_code == 404
    assert api.call(alejandra, "/v1/productpromotions/none?country=US").status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [("country=US", "segment"), ("country=US&segment=pets", "segment"), ("segment=commercial", "country")],
)
def test_market_and_segment_have_to_be_named(api: Api, alejandra: User, query: str, field: str) -> None:
    response = api.call(alejandra, f"/v1/productpromotions?{query}")
    assert (response.status_code, response.json()["data"]) == (400, [field])


def test_a_list_costs_the_same_queries_however_long(api: Api, alejandra: User, django_assert_num_queries: Any) -> None:
    """The person, the count, the promotions with their SKUs, the log."""
    token, sku = api.token_of(alejandra), make_offer()
    for number in range(20):
        make_promotion(sku, number)
    api.call(token, PROMOTIONS)
    with django_assert_num_queries(5):
        api.call(token, PROMOTIONS)
