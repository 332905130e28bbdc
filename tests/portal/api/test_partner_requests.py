"""The log of App+User requests over the API. The shape is typed from the public sample; `links` is what we add."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest

from accounts.models import User
from activity import requests
from tests.portal.api.conftest import APPLICATION, Api
from tests.portal.api.shapes import SELF, TYPED, shape, strings
from tests.portal.api.uses import ago, noon, request

REQUESTS = "/v1/partnerRequests"


@pytest.mark.requirement("Q4")
def test_requests_have_the_shape_of_the_sample(api: Api, alejandra: User) -> None:
    row = request(alejandra.tenant, noon(1))
    body = api.call(alejandra, REQUESTS).json()
    item = {
        **strings(
            "requestId", "correlationId", "operationName", "requestDateTime", "sourceIpAddress", "objectId",
            "tenantId", "upn", "applicationId",
        ),
        "mfaCompliant": "bool",
    }  # fmt: skip
    assert shape(body) == {"totalCount": "int", "items": [item], "links": SELF, "attributes": TYPED}
    assert body["items"] == [
        {
            "requestId": row.request_id,
            "correlationId": row.correlation_id,
            "operationName": "Get /v{version}/customers/{customer_id}/subscriptions",
            "requestDateTime": f"{ago(1)}T12:00:00Z",
            "sourceIpAddress": "203.0.113.7",
            "objectId": "john",
            "tenantId": str(alejandra.tenant_id),
            "upn": "john@contoso.example",
            "applicationId": APPLICATION,
            "mfaCompliant": False,
        }
    ]


@pytest.mark.requirement("Q4")
@pytest.mark.requirement("Q10")
def test_requests_are_of_people_within_seven_days_newest_first(api: Api, alejandra: User, olga: User) -> None:
    start = datetime.combine(ago(6), time.min, UTC)
    request(alejandra.tenant, start, ip="first")
    request(alejandra.tenant, start - timedelta(microseconds=1), ip="too old")
    request(alejandra.tenant, noon(1), ip="second", mfa=True)
    request(alejandra.tenant, noon(1), ip="app", user_id="", user_name="")
    request(olga.tenant, noon(1), ip="other")
    body = api.call(alejandra, REQUESTS).json()
    assert [(item["sourceIpAddress"], item["mfaCompliant"]) for item in body["items"]] == [
        ("second", True),
        ("first", False),
    ]


@pytest.mark.requirement("Q4")
def test_a_call_refused_for_mfa_is_among_the_requests(api: Api, alejandra: User) -> None:
    refused = api.call(api.token_of(alejandra, amr=["pwd"]), REQUESTS, headers={"MS-RequestId": "the-refused-one"})
    assert refused.status_code == 401
    (item,) = api.call(alejandra, REQUESTS).json()["items"]
    assert (item["requestId"], item["operationName"], item["mfaCompliant"]) == (
        "the-refused-one",
        "Get /v{version}/partnerRequests",
        False,
    )


@pytest.mark.requirement("Q4")
def test_no_more_than_the_newest_ten_thousand_count(api: Api, alejandra: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert requests.MOST == 10_000
    monkeypatch.setattr(requests, "MOST", 3)
    same = noon(1)
    kept = [request(alejandra.tenant, same, id=UUID(int=number)) for number in range(5)][2:]
    body = api.call(alejandra, REQUESTS).json()
    assert [item["requestId"] for item in body["items"]] == [row.request_id for row in reversed(kept)]
    assert body["totalCount"] == 3


def test_requests_are_read_in_pages_by_those_who_ask_for_them(api: Api, alejandra: User) -> None:
    rows = [request(alejandra.tenant, noon(1) - timedelta(hours=number)) for number in range(5)]
    seen, page = [], api.call(alejandra, f"{REQUESTS}?size=2").json()
    while True:
        seen += [item["requestId"] for item in page["items"]]
        if "next" not in page["links"]:
            break
        (header,) = page["links"]["next"]["headers"]
        onward = {header["key"]: header["value"]}
        page = api.call(alejandra, f"/v1{page['links']['next']['uri']}", headers=onward).json()
    assert seen == [row.request_id for row in rows]


def test_a_page_larger_than_all_is_refused(api: Api, alejandra: User) -> None:
    response = api.call(alejandra, f"{REQUESTS}?size=10001")
    assert (response.status_code, response.json()["data"]) == (400, ["size"])
