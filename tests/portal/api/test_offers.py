"""Offers and their categories. The shapes are typed from the public samples, not from our answers."""

from typing import Any

import pytest

from accounts.models import User
from tests.portal.api.conftest import Api
from tests.portal.api.shapes import LINK, TYPED, collection, shape
from tests.portal.catalog import COPILOT, E3, make_offer

CATEGORY = {"id": "str", "name": "str", "rank": "int", "locale": "str", "country": "str", "attributes": TYPED}
OFFER = {
    "id": "str",
    "name": "str",
    "description": "str",
    "minimumQuantity": "int",
    "maximumQuantity": "int",
    "rank": "int",
    "uri": "str",
    "locale": "str",
    "country": "str",
    "category": CATEGORY,
    "prerequisiteOffers": [],
    "isAddOn": "bool",
    "isAvailableForPurchase": "bool",
    "billing": "str",
    "isAutoRenewable": "bool",
    "product": {"id": "str", "name": "str", "unit": "str"},
    "unitType": "str",
    "links": {"self": LINK},
    "attributes": TYPED,
}


def test_offers_have_the_shape_of_the_samples(api: Api, alejandra: User) -> None:
    make_offer()
    body = api.call(alejandra, "/v1/offers?country=US").json()
    assert shape(body) == collection(OFFER)
    (offer,) = body["items"]
    assert (offer["id"], offer["billing"], offer["isAddOn"]) == ("CFQ7TTC0LF8R:0001", "license", False)
    assert offer["attributes"] == {"objectType": "Offer"}
    assert offer["category"]["attributes"] == {"objectType": "OfferCategory"}
    assert api.call(alejandra, f"/v1{offer['links']['self']['uri']}").json() == offer


def test_only_what_is_sold_in_the_market_is_offered(api: Api, alejandra: User) -> None:
    make_offer(countries=("US", "JP"))
    make_offer("CFQ7TTC0LFLX:0001", "Microsoft 365 E5", countries=("JP",))
    assert [each["name"] for each in api.call(alejandra, "/v1/offers?country=us").json()["items"]] == [
        "Microsoft 365 E3"
    ]
    assert api.call(alejandra, "/v1/offers?country=JP").json()["totalCount"] == 2
    assert api.call(alejandra, "/v1/offers/CFQ7TTC0LFLX:0001?country=US").status_code == 404


def test_add_ons_are_found_by_the_offer_they_add_to(api: Api, alejandra: User) -> None:
    base = make_offer()
    make_offer(COPILOT, "Microsoft 365 Copilot", needs=(base,))
    body = api.call(alejandra, f"/v1/offers/{E3}/addons?country=US").json()
    assert [(each["id"], each["isAddOn"], each["prerequisiteOffers"]) for each in body["items"]] == [
        ("CFQ7TTC0MM8R:0002", True, ["CFQ7TTC0LF8R:0001"])
    ]
    assert api.call(alejandra, f"/v1/offers/{COPILOT}/addons?country=US").json()["items"] == []


def test_pages_of_offers_are_linked(api: Api, alejandra: User) -> None:
    for number in range(3):
        make_offer(f"CFQ7TTC0000{number}:0001", f"Offer {number}")
    first = api.call(alejandra, "/v1/offers?country=US&size=2").json()
    assert (first["totalCount"], len(first["items"])) == (3, 2)
    second = api.call(alejandra, f"/v1{first['links']['next']['uri']}").json()
    assert [each["name"] for each in second["items"]] == ["Offer 2"]
    assert "next" not in second["links"]


@pytest.mark.parametrize("path", ["offers", "offers/x", "offers/x/addons", "offercategories"])
@pytest.mark.parametrize("country", ["", "?country=", "?country=XX", "?country=USA"])
def test_a_market_has_to_be_named(api: Api, alejandra: User, path: str, country: str) -> None:
    response = api.call(alejandra, f"/v1/{path}{country}")
    assert (response.status_code, response.json()["data"]) == (400, ["country"])


def test_categories_have_the_shape_of_the_samples_and_rise_in_rank(api: Api, alejandra: User) -> None:
    body = api.call(alejandra, "/v1/offercategories?country=US").json()
    assert shape(body) == collection(CATEGORY)
    assert [(each["id"], each["name"], each["rank"]) for each in body["items"][:2]] == [
        ("Enterprise_Key", "Enterprise", 20),
        ("SmallBusiness_Key", "Small business", 30),
    ]


def test_categories_are_named_in_the_language_asked_for(api: Api, alejandra: User) -> None:
    body = api.call(alejandra, "/v1/offercategories?country=JP", headers={"X-Locale": "ja-JP"}).json()
    assert body["items"][0]["name"] == "エンタープライズ"


def test_a_list_of_offers_costs_the_same_queries_however_long(
    api: Api, alejandra: User, django_assert_num_queries: Any
) -> None:
    """The person; the count; the offers with their products; what they need; the log."""
    token, base = api.token_of(alejandra), make_offer()
    for number in range(12):
        make_offer(f"CFQ7TTC0000{number}:0001", needs=(base,))
    api.call(token, "/v1/offers?country=US")
    with django_assert_num_queries(6):
        api.call(token, "/v1/offers?country=US")
