"""Checks of addresses, domains and markets over the API."""

import re
from typing import Any

import pytest

from accounts.models import User
from tests.portal.api.conftest import Api
from tests.portal.api.shapes import TYPED, shape, strings
from tests.portal.business import make_customer

ADDRESS = "/v1/validations/address"
GOOD = {"AddressLine1": "1 Mill Lane", "City": "Seattle", "State": "WA", "PostalCode": "98101", "Country": "US"}


def test_a_good_address_is_answered_without_a_body(api: Api, alejandra: User) -> None:
    response = api.call(alejandra, ADDRESS, method="POST", body=GOOD)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"PostalCode": "981"}, ["postalCode"]),
        ({"Country": "XX"}, ["country"]),
        ({"City": ""}, ["city"]),
        ({"AddressLine1": None}, ["addressLine1"]),
        ({"AddressLine1": "", "PostalCode": ""}, ["addressLine1", "postalCode"]),
    ],
)
def test_a_bad_address_names_every_wrong_field(
    api: Api, alejandra: User, changed: dict[str, Any], fields: list[str]
) -> None:
    response = api.call(alejandra, ADDRESS, method="POST", body={**GOOD, **changed})
    assert (response.status_code, response.json()["data"]) == (400, fields)


@pytest.mark.parametrize(
    ("domain", "status"),
    [
        ("fourthcoffee.example", 200),
        ("FourthCoffee.example", 200),
        ("free.example", 404),
        ("hers.example", 404),
        ("nonsense", 400),
    ],
)
def test_a_domain_is_taken_or_free(api: Api, alejandra: User, olga: User, domain: str, status: int) -> None:
    """Another partner's customers are nobody's business."""
    make_customer(alejandra.tenant)
    make_customer(olga.tenant, "Hers", "hers.example")
    response = api.call(alejandra, f"/v1/domains/{domain}", method="HEAD")
    assert (response.status_code, response.content) == (status, b"")


def test_the_rules_of_a_market_have_the_shape_of_the_samples(api: Api, alejandra: User) -> None:
    body = api.call(alejandra, "/v1/countryvalidationrules/us").json()
    values = {"value": ["str"]}
    switches = (
        "isStateRequired", "isPostalCodeRequired", "isCityRequired", "isVatIdSupported", "isTaxIdSupported",
        "isRegistrationNumberSupported",
    )  # fmt: skip
    assert shape(body) == {
        **strings("iso2Code", "defaultCulture", "postalCodeRegex", "phoneNumberRegex"),
        **dict.fromkeys(switches, "bool"),
        "states": {"value": []},
        "supportedLanguages": values,
        "supportedCultures": values,
        "countryCallingCodes": values,
        "attributes": TYPED,
    }
    assert (body["defaultCulture"], body["countryCallingCodes"]) == ("en-US", {"value": ["1"]})
    assert body["attributes"] == {"objectType": "CountryInformation"}


def test_the_rules_accept_what_creating_a_customer_accepts(api: Api, alejandra: User) -> None:
    body = api.call(alejandra, "/v1/countryvalidationrules/JP").json()
    assert re.match(body["postalCodeRegex"], "100-0001")
    assert not re.match(body["postalCodeRegex"], "98101-12")
    assert re.match(body["phoneNumberRegex"], "+81 3 5555 0100")
    assert api.call(alejandra, "/v1/countryvalidationrules/KR").json()["postalCodeRegex"] == ""
    assert api.call(alejandra, "/v1/countryvalidationrules/XX").status_code == 404


@pytest.mark.requirement("A5")
def test_an_application_by_itself_may_check(api: Api, alejandra: User) -> None:
    assert api.call(api.app_only_token(alejandra), ADDRESS, method="POST", body=GOOD).status_code == 200
