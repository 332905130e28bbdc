"""Service requests over the API. The shapes are typed from the public samples and resource tables."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from activity.models import AuditRecord
from customers.names import first_and_last, full_name
from support.models import CustomerRequest, Note, RequestCount
from tests.portal.api.conftest import Api, known
from tests.portal.api.shapes import SELF, TYPED, shape, strings
from tests.portal.business import START, make_customer, make_request
from tests.portal.conftest import make_user

REQUESTS = "/v1/servicerequests"
LISTED = {
    **strings("id", "title", "severity", "status", "createdDate", "lastModifiedDate", "lastClosedDate"),
    "primaryContact": strings("lastName", "firstName"),
    "attributes": TYPED,
}
WHOLE = {
    **LISTED,
    **strings("description", "productName", "countryCode", "supportTopicId", "supportTopicName"),
    "primaryContact": strings("lastName", "firstName", "email"),
    "organization": strings("id", "name", "phoneNumber"),
    "lastUpdatedBy": strings("lastName", "firstName"),
    "notes": [strings("createdByName", "createdDate", "text")],
    "fileLinks": [],
}
# As the .NET client sends it: the whole resource, nothing but the note filled in.
NOTE = {
    "Id": None, "Title": None, "Description": None, "Severity": "unknown", "SupportTopicId": None, "Status": "none",
    "Organization": None, "PrimaryContact": None, "CreatedDate": "0001-01-01T00:00:00",
    "NewNote": {"CreatedByName": None, "CreatedDate": None, "Text": "Sample Note"},
    "Notes": None, "Attributes": {"ObjectType": "ServiceRequest"},
}  # fmt: skip


@pytest.fixture
def case(alejandra: User) -> CustomerRequest:
    made = make_request(make_customer(alejandra.tenant), number="26010001", contact_name="Carla Meyers")
    Note.objects.create(request=made, text="We look at it.", created_by_name="Alejandra", created_date=START)
    return made


def test_the_list_has_the_shape_of_the_samples(api: Api, alejandra: User, case: CustomerRequest) -> None:
    body = api.call(alejandra, REQUESTS).json()
    assert shape(body) == {"totalCount": "int", "items": [LISTED], "links": SELF, "attributes": TYPED}
    (item,) = body["items"]
    assert (item["id"], item["status"], item["lastClosedDate"]) == ("26010001", "open", "0001-01-01T00:00:00")
    assert item["primaryContact"] == {"firstName": "Carla", "lastName": "Meyers"}


def test_one_request_has_the_shape_of_the_resource(api: Api, alejandra: User, case: CustomerRequest) -> None:
    assert shape(api.call(alejandra, f"{REQUESTS}/26010001").json()) == WHOLE


@pytest.mark.parametrize("name", ["Carla Meyers", "Ana Maria Bowman", "佐藤 花子", "Meyers"])
def test_a_name_is_taken_apart_as_it_was_put_together(name: str) -> None:
    assert full_name(*first_and_last(name)) == name


def test_the_last_changed_request_comes_first_and_pages_are_linked(api: Api, alejandra: User, olga: User) -> None:
    customer = make_customer(alejandra.tenant)
    for number in range(5):
        make_request(customer, f"Case {number}", at=START + timedelta(days=number))
    make_request(make_customer(olga.tenant), "Hers")
    body = api.call(alejandra, f"{REQUESTS}?size=2&offset=1").json()
    assert ([item["title"] for item in body["items"]], body["totalCount"]) == (["Case 3", "Case 2"], 5)
    assert body["links"]["next"]["uri"] == "/servicerequests?size=2&offset=3"


@pytest.mark.parametrize(
    ("field", "operator", "value", "found"),
    [
        ("Status", "equals", "Closed", ["Done"]),
        ("Severity", "equals", "critical", ["Done"]),
        ("Title", "substring", "DRO", ["Calls drop"]),
        ("SupportTopicId", "equals", "1003", ["Done"]),
        ("SupportTopicId", "equals", "32444671", None),
        ("Status", "equals", "lost", None),
        ("Number", "equals", "1", None),
    ],
)
def test_a_filter_narrows_the_list(
    api: Api, alejandra: User, case: CustomerRequest, field: str, operator: str, value: str, found: list[str] | None
) -> None:
    make_request(case.customer, "Done", status="closed", severity="critical", topic=1003)
    asked = quote(json.dumps({"Field": field, "Value": value, "Operator": operator}))
    response = api.call(alejandra, f"{REQUESTS}?filter={asked}")
    if found is None:
        assert (response.status_code, response.json()["data"]) == (400, ["filter"])
    else:
        assert [item["title"] for item in response.json()["items"]] == found


def test_the_topics_have_the_shape_of_the_samples_and_requests_name_theirs(
    api: Api, alejandra: User, case: CustomerRequest
) -> None:
    body = api.call(alejandra, f"{REQUESTS}/supporttopics").json()
    topic = {**strings("name", "description"), "id": "int", "attributes": TYPED}
    assert shape(body) == {"totalCount": "int", "items": [topic], "links": {}, "attributes": TYPED}
    assert (body["totalCount"], body["items"][0]["attributes"]) == (7, {"objectType": "SupportTopic"})
    CustomerRequest.objects.update(topic=1003)
    one = api.call(alejandra, f"{REQUESTS}/26010001").json()
    assert (one["supportTopicId"], one["supportTopicName"]) == ("1003", "Billing")
    assert [each["name"] for each in body["items"] if str(each["id"]) == one["supportTopicId"]] == ["Billing"]


def test_topics_are_told_in_the_language_of_the_call(api: Api, alejandra: User) -> None:
    body = api.call(alejandra, f"{REQUESTS}/supporttopics", headers={"X-Locale": "ja-JP"}).json()
    assert {each["id"]: each["name"] for each in body["items"]}[1003] == "課金"


def test_a_customers_requests_stand_under_the_customer(api: Api, alejandra: User, case: CustomerRequest) -> None:
    other = make_customer(alejandra.tenant, "Woodgrove", "woodgrove.example")
    make_request(other, "Another", number="26010002")
    path = f"/v1/customers/{case.customer.tenant_id}/servicerequests"
    body = api.call(alejandra, path).json()
    assert ([item["id"] for item in body["items"]], body["totalCount"]) == (["26010001"], 1)
    assert api.call(alejandra, f"{path}/26010001").json()["organization"]["name"] == "Fourth Coffee"
    assert api.call(alejandra, f"{path}/26010002").status_code == 404


def test_another_partners_request_is_not_found(api: Api, olga: User, case: CustomerRequest) -> None:
    assert api.call(olga, f"{REQUESTS}/26010001").status_code == 404
    assert api.call(olga, f"{REQUESTS}/26010001", method="PATCH", body=NOTE).status_code == 404
    assert api.call(olga, f"/v1/customers/{case.customer.tenant_id}/servicerequests").status_code == 404


def patch(api: Api, who: User, **body: Any) -> Any:
    return api.call(who, f"{REQUESTS}/26010001", method="PATCH", body=body)


def test_a_note_is_added_as_the_client_library_sends_it(api: Api, alejandra: User, case: CustomerRequest) -> None:
    response = patch(api, alejandra, **NOTE)
    assert response.status_code == 200
    assert [note["text"] for note in response.json()["notes"]] == ["We look at it.", "Sample Note"]
    assert response.json()["notes"][1]["createdByName"] == "Alejandra Ruiz"
    assert AuditRecord.objects.get(action="request.replied").actor == "alejandra@contoso.example"


@pytest.mark.parametrize("closed", ["closed", "Closed", 2])
def test_a_request_is_closed(api: Api, alejandra: User, case: CustomerRequest, closed: Any) -> None:
    body = patch(api, alejandra, status=closed).json()
    assert body["status"] == "closed"
    assert body["lastClosedDate"].endswith("Z")
    assert RequestCount.objects.get(partner=alejandra.tenant).open == 0
    assert AuditRecord.objects.filter(action="request.closed").exists()


def test_a_note_and_the_end_are_one_act(api: Api, alejandra: User, case: CustomerRequest) -> None:
    body = patch(api, alejandra, status="closed", newNote={"text": "Solved."}).json()
    assert (body["status"], body["notes"][1]["text"]) == ("closed", "Solved.")


def test_a_note_on_a_closed_request_is_refused_unless_it_is_reopened(
    api: Api, alejandra: User, case: CustomerRequest
) -> None:
    patch(api, alejandra, status="closed")
    assert patch(api, alejandra, newNote={"text": "Wait"}).status_code == 409
    assert patch(api, alejandra, status="open", newNote={"text": "Wait"}).json()["status"] == "open"
    assert RequestCount.objects.get(partner=alejandra.tenant).open == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["newNote", "status"]),
        ({"status": "lost"}, ["status"]),
        ({"status": 9}, ["status"]),
        ({"status": -1}, ["status"]),
        ({"status": "attention_needed"}, ["status"]),
        ({"severity": "critical"}, ["severity"]),
        ({"newNote": {"text": " "}}, ["newNote.text"]),
        ({"newNote": {"text": "x" * 8001}}, ["newNote.text"]),
        ({"newNote": {"text": 5}}, ["newNote.text"]),
        ({"newNote": {}}, ["newNote"]),
    ],
)
def test_a_bad_change_names_what_is_wrong(
    api: Api, alejandra: User, case: CustomerRequest, body: dict[str, Any], fields: list[str]
) -> None:
    response = patch(api, alejandra, **body)
    assert (response.status_code, response.json()["data"]) == (400, fields)


@pytest.mark.parametrize(("role", "status"), [(Role.HELPDESK_AGENT, 200), (Role.SALES_AGENT, 403)])
def test_requests_have_the_roles_of_their_pages(api: Api, contoso: PartnerTenant, role: Role, status: int) -> None:
    user = known(make_user(contoso, "Hana Ito", "hana@contoso.example", [role]), api)
    assert api.call(user, REQUESTS).status_code == status


def test_a_list_costs_the_same_queries_however_long(
    api: Api, alejandra: User, case: CustomerRequest, django_assert_num_queries: Any
) -> None:
    """The person with what decides about the token; the count; the requests; the log."""
    for number in range(20):
        make_request(case.customer, f"Case {number}")
    token = api.token_of(alejandra)
    api.call(token, REQUESTS)
    with django_assert_num_queries(5):
        api.call(token, REQUESTS)
