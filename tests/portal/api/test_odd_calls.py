"""Calls that no client of ours makes, and spellings that real ones use: refused or taken, never an error of ours."""

import json
from typing import Any

import pytest

from accounts.models import User
from tests.portal.api.conftest import Api
from tests.portal.business import make_customer

CUSTOMERS = "/v1/customers"


@pytest.mark.parametrize(
    "accept",
    [
        "application/json; charset=utf-8",
        "application/json;odata=verbose",
        "text/html, application/*;q=0.1",
        "*/*",
        "",
    ],
)
def test_json_is_json_whatever_else_the_client_says_of_it(api: Api, alejandra: User, accept: str) -> None:
    assert api.call(alejandra, CUSTOMERS, headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json;q=0", "*/html"])
def test_a_client_that_takes_no_json_is_told_so(api: Api, alejandra: User, accept: str) -> None:
    assert api.call(alejandra, CUSTOMERS, headers={"Accept": accept}).status_code == 406


@pytest.mark.parametrize(
    "path", ["/v1/Customers", "/v1/Customers/{}/Profiles/Billing", "/v1/customers/{}/serviceRequests"]
)
def test_paths_are_found_in_any_case(api: Api, alejandra: User, path: str) -> None:
    customer = make_customer(alejandra.tenant)
    assert api.call(alejandra, path.format(customer.tenant_id)).status_code == 200


def test_parameters_are_found_in_any_case(api: Api, alejandra: User) -> None:
    for name in ("Adatum", "Bellows"):
        make_customer(alejandra.tenant, name, f"{name.lower()}.example")
    narrow = '{"Field":"CompanyName","Value":"b","Operator":"starts_with"}'
    assert len(api.call(alejandra, f"{CUSTOMERS}?Size=1").json()["items"]) == 1
    assert api.call(alejandra, f"{CUSTOMERS}?FILTER={narrow}").json()["totalCount"] == 1


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("ja-JP", "ja-JP"), ("ru", "ru"), ("xx-XX", "en-US"), ("../etc", "en-US"), ("", "en-US")],
)
def test_an_answer_names_the_locale_that_it_is_in(api: Api, alejandra: User, asked: str, answered: str) -> None:
    categories = api.call(alejandra, "/v1/offercategories?country=US", headers={"X-Locale": asked}).json()["items"]
    assert {each["locale"] for each in categories} == {answered}


@pytest.mark.parametrize(
    "path", ["/v1/customers%0A", "/v1/customers%00", "/v1/invoices/%00", "/v1/xcustomers", "/v1/customersx"]
)
def test_no_other_path_is_found(api: Api, alejandra: User, path: str) -> None:
    assert api.call(alejandra, path).status_code == 404


@pytest.mark.parametrize("path", ["/v1/customers/", "/v1//customers", "/webhooks/v1/registration/", "/v1/../v1"])
def test_a_path_that_is_refused_unseen_is_refused_in_json(api: Api, alejandra: User, path: str) -> None:
    response = api.call(alejandra, path)
    assert (response.status_code, response.json()["code"]) == (404, "1000")


def test_a_body_beyond_what_is_read_is_too_large(api: Api, alejandra: User) -> None:
    response = api.call(alejandra, CUSTOMERS, method="POST", body=json.dumps({"x": "y" * 3_000_000}))
    assert (response.status_code, response.json()["code"]) == (413, "2000")


def test_a_byte_order_mark_is_passed_over(api: Api, alejandra: User) -> None:
    body = '\ufeff{"WebhookUrl": "https://hooks.contoso.example/", "WebhookEvents": ["test-created"]}'
    assert api.call(alejandra, "/webhooks/v1/registration", method="POST", body=body).status_code == 201


def test_too_many_parameters_are_the_clients_mistake(api: Api, alejandra: User) -> None:
    many = "&".join(f"p{number}=1" for number in range(1200))
    assert api.call(alejandra, f"{CUSTOMERS}?{many}").status_code == 400


def test_a_filter_nested_beyond_reading_is_refused(api: Api, alejandra: User) -> None:
    deep = '{"Field":"CompanyName","Value":"b","Operator":"starts_with","q":' + "[" * 3500
    assert api.call(alejandra, f"{CUSTOMERS}?filter={deep}").status_code == 400


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("endDate=9999-12-31", 200),
        ("startDate=9999-12-31&endDate=9999-12-31", 200),
        ("endDate=0001-01-01", 400),
        ("startDate=2026-13-45", 400),
    ],
)
def test_days_at_the_end_of_the_calendar_are_no_error_of_ours(
    api: Api, alejandra: User, query: str, expected: int
) -> None:
    response = api.call(alejandra, f"/v1/auditrecords?{query}")
    assert response.status_code == expected
    if query.startswith("startDate=2026"):
        assert response.json()["description"] == "startDate has to be a date such as 2026-11-24."


def test_the_first_page_is_the_first_whatever_token_comes_along(api: Api, alejandra: User) -> None:
    for name in ("Adatum", "Bellows"):
        make_customer(alejandra.tenant, name, f"{name.lower()}.example")
    first = api.call(alejandra, f"{CUSTOMERS}?size=1").json()
    sent: dict[str, Any] = {"headers": {"MS-ContinuationToken": first["continuationToken"]}}
    again = api.call(alejandra, f"{CUSTOMERS}?size=1&seekOperation=First", **sent).json()
    assert again["items"] == first["items"]
