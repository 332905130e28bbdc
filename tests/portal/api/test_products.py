"""Products, SKUs, availabilities. The shapes are typed from the public samples, not from our answers."""

from typing import Any

import pytest

from accounts.models import User
from tests.portal.api.conftest import Api
from tests.portal.api.shapes import LINK, TYPED, collection, shape
from tests.portal.catalog import COPILOT, make_offer

PRODUCT = {
    "id": "str",
    "title": "str",
    "description": "str",
    "productType": {"id": "str", "displayName": "str"},
    "isMicrosoftProduct": "bool",
    "publisherName": "str",
    "links": {"self": LINK, "skus": LINK},
    "attributes": TYPED,
}
SKU = {
    "id": "str",
    "productId": "str",
    "title": "str",
    "description": "str",
    "minimumQuantity": "int",
    "maximumQuantity": "int",
    "isTrial": "bool",
    "supportedBillingCycles": ["str"],
    "purchasePrerequisites": [],
    "inventoryVariables": [],
    "provisioningVariables": [],
    "dynamicAttributes": {"isAddon": "bool", "prerequisiteSkus": [], "unitOfMeasure": "str"},
    "links": {"self": LINK, "availabilities": LINK},
    "attributes": TYPED,
}
AVAILABILITY = {
    "id": "str",
    "productId": "str",
    "skuId": "str",
    "catalogItemId": "str",
    "defaultCurrency": {"code": "str", "symbol": "str"},
    "segment": "str",
    "country": "str",
    "isPurchasable": "bool",
    "isRenewable": "bool",
    "terms": [{"duration": "str", "description": "str"}],
    "product": PRODUCT,
    "sku": SKU,
    "links": {"self": LINK},
    "attributes": TYPED,
}
LIST = "/v1/products?country=US&targetView=OnlineServices"
E3 = "/v1/products/CFQ7TTC0LF8R"


def test_the_catalog_is_walked_by_its_links_in_the_shape_of_the_samples(api: Api, alejandra: User) -> None:
    make_offer()
    products = api.call(alejandra, LIST).json()
    assert shape(products) == collection(PRODUCT)
    product = products["items"][0]
    assert api.call(alejandra, f"/v1{product['links']['self']['uri']}").json() == product
    skus = api.call(alejandra, f"/v1{product['links']['skus']['uri']}").json()
    assert shape(skus) == collection(SKU)
    sku = skus["items"][0]
    assert api.call(alejandra, f"/v1{sku['links']['self']['uri']}").json() == sku
    availabilities = api.call(alejandra, f"/v1{sku['links']['availabilities']['uri']}").json()
    assert shape(availabilities) == collection(AVAILABILITY)
    found = availabilities["items"][0]
    assert api.call(alejandra, f"/v1{found['links']['self']['uri']}").json() == found
    assert found["catalogItemId"] == "CFQ7TTC0LF8R:0001:US0000000001"
    kinds = [each["attributes"]["objectType"] for each in (product, sku, found)]
    assert kinds == ["Product", "Sku", "Availability"]


def test_a_sku_says_how_it_is_billed_and_for_how_long(api: Api, alejandra: User) -> None:
    make_offer(prices=(("P1Y", "annual", 5), ("P1M", "monthly", 1)), currency="JPY", countries=("JP",))
    assert api.call(alejandra, f"{E3}/skus/0001?country=JP").json()["supportedBillingCycles"] == ["annual", "monthly"]
    found = api.call(alejandra, f"{E3}/skus/0001/availabilities/JP0000000001?country=JP").json()
    assert [term["duration"] for term in found["terms"]] == ["P1M", "P1Y"]
    assert (found["defaultCurrency"], found["isPurchasable"]) == ({"code": "JPY", "symbol": "¥"}, True)


def test_what_has_no_price_in_the_market_cannot_be_purchased(api: Api, alejandra: User) -> None:
    make_offer(currency="JPY", countries=("US",))
    found = api.call(alejandra, f"{E3}/skus/0001/availabilities/US0000000001?country=US").json()
    assert (found["isPurchasable"], found["terms"]) == (False, [])


def test_an_add_on_names_what_it_needs(api: Api, alejandra: User) -> None:
    make_offer(COPILOT, "Microsoft 365 Copilot", needs=(make_offer(),))
    sku = api.call(alejandra, "/v1/products/CFQ7TTC0MM8R/skus/0002?country=US").json()
    assert sku["dynamicAttributes"]["prerequisiteSkus"] == ["CFQ7TTC0LF8R:0001"]
    assert sku["provisioningVariables"] == ["ParentSubscriptionId"]


def test_a_view_shows_its_own_products(api: Api, alejandra: User) -> None:
    make_offer()
    make_offer("DZH318Z0BPS6:0001", "Azure plan", product_type="Azure")

    def titles(view: str) -> list[str]:
        body = api.call(alejandra, f"/v1/products?country=US&targetView={view}").json()
        return [each["title"] for each in body["items"]]

    assert titles("OnlineServices") == ["Microsoft 365 E3"]
    assert titles("azure") == ["Azure plan"]
    assert titles("MicrosoftAzure") == ["Azure plan"]
    assert titles("SoftwarePerpetual") == []


def test_a_segment_narrows_the_lists(api: Api, alejandra: User) -> None:
    make_offer()
    for path in (LIST, f"{E3}/skus?country=US", f"{E3}/skus/0001/availabilities?country=US"):
        assert api.call(alejandra, f"{path}&targetSegment=Commercial").json()["totalCount"] == 1, path
        assert api.call(alejandra, f"{path}&targetSegment=education").json()["totalCount"] == 0, path


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/products?targetView=Azure", "country"),
        ("/v1/products?country=US", "targetView"),
        ("/v1/products?country=US&targetView=Everything", "targetView"),
        ("/v1/products?country=US&targetView=Azure&targetSegment=pets", "targetSegment"),
        (f"{E3}", "country"),
        (f"{E3}/skus/0001/availabilities", "country"),
    ],
)
def test_a_bad_query_names_what_is_wrong(api: Api, alejandra: User, path: str, field: str) -> None:
    make_offer()
    response = api.call(alejandra, path)
    assert (response.status_code, response.json()["data"]) == (400, [field])


@pytest.mark.parametrize(
    "path",
    [
        "/v1/products/NONE?country=US",
        "/v1/products/NONE/skus?country=US",
        f"{E3}/skus/9999?country=US",
        f"{E3}/skus/9999/availabilities?country=US",
        f"{E3}/skus/0001/availabilities/NONE?country=US",
        f"{E3}/skus/0001/availabilities/JP0000000001?country=US",
        f"{E3}?country=DE",
    ],
)
def test_what_is_not_in_the_market_is_not_found(api: Api, alejandra: User, path: str) -> None:
    make_offer(countries=("US", "JP"))
    assert api.call(alejandra, path).status_code == 404


def test_lists_cost_the_same_queries_however_long(api: Api, alejandra: User, django_assert_num_queries: Any) -> None:
    """Products: the person, the count, the products, the log. SKUs: the product, what they need and prices as well."""
    token = api.token_of(alejandra)
    for number in range(12):
        make_offer(f"CFQ7TTC0LF8R:00{number:02}")
        make_offer(f"CFQ7TTC0000{number}:0001")
    api.call(token, LIST)
    with django_assert_num_queries(5):
        api.call(token, LIST)
    with django_assert_num_queries(8):
        api.call(token, f"{E3}/skus?country=US")
