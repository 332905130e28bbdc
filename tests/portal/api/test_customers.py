"""Customers over the API. The shapes are typed from the public samples, not from our answers."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from accounts.models import User
from activity.models import AuditRecord
from customers.models import Customer
from tests.portal.api.conftest import Api
from tests.portal.api.shapes import LINK, shape
from tests.portal.business import make_customer, make_customers, make_subscription

CUSTOMERS = "/v1/customers"
NEW = {
    "companyProfile": {"domain": "newcoffee.example"},
    "billingProfile": {
        "culture": "en-US",
        "email": "ana@newcoffee.example",
        "language": "en",
        "companyName": "New Coffee",
        "defaultAddress": {
            "firstName": "Ana",
            "lastName": "Bowman",
            "addressLine1": "1 Mill Lane",
            "city": "Seattle",
            "state": "WA",
            "postalCode": "98101",
            "country": "US",
            "phoneNumber": "+1 425 555 0100",
        },
    },
}


LISTED = {
    "id": "str",
    "commerceId": "str",
    "companyProfile": {
        "tenantId": "str",
        "domain": "str",
        "companyName": "str",
        "attributes": {"objectType": "str"},
    },
    "relationshipToPartner": "str",
    "links": {"self": LINK},
    "attributes": {"objectType": "str"},
}


def test_the_list_has_the_shape_of_the_samples(api: Api, alejandra: User) -> None:
    make_customer(alejandra.tenant)
    body = api.call(alejandra, CUSTOMERS).json()
    assert shape(body) == {
        "totalCount": "int",
        "items": [LISTED],
        "links": {"self": LINK},
        "attributes": {"objectType": "str"},
    }
    assert body["attributes"] == {"objectType": "Collection"}
    assert body["items"][0]["attributes"] == {"objectType": "Customer"}
    assert body["items"][0]["companyProfile"]["attributes"] == {"objectType": "CustomerCompanyProfile"}


def test_following_the_links_reads_every_customer_once(api: Api, alejandra: User, olga: User) -> None:
    make_customers(alejandra.tenant, 7)
    make_customers(olga.tenant, 2, first=50)
    names, page = [], api.call(alejandra, f"{CUSTOMERS}?size=3").json()
    while True:
        assert page["totalCount"] == 7
        names += [item["companyProfile"]["companyName"] for item in page["items"]]
        onward = page["links"].get("next")
        if onward is None:
            break
        (header,) = onward["headers"]
        assert header == {"key": "MS-ContinuationToken", "value": page["continuationToken"]}
        assert onward["uri"].startswith("/customers?")
        page = api.call(alejandra, f"/v1{onward['uri']}", headers={header["key"]: header["value"]}).json()
    assert names == [f"Customer {number:03}" for number in range(7)]


def test_a_continuation_token_of_another_partner_or_of_nobody_is_refused(api: Api, alejandra: User, olga: User) -> None:
    make_customers(olga.tenant, 3)
    hers = api.call(olga, f"{CUSTOMERS}?size=1").json()["continuationToken"]
    for token in (hers, "nonsense", ""):
        response = api.call(alejandra, f"{CUSTOMERS}?seekOperation=Next", headers={"MS-ContinuationToken": token})
        assert (response.status_code, response.json()["data"]) == (400, ["MS-ContinuationToken"]), token


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("CompanyName", "four", ["Fourth Coffee"]),
        ("companyName", "FOURTH C", ["Fourth Coffee"]),
        ("CompanyName", "coffee", []),
        ("Domain", "wood", ["Woodgrove"]),
        ("Domain", "bank", []),
    ],
)
def test_a_filter_narrows_the_list(api: Api, alejandra: User, field: str, value: str, found: list[str]) -> None:
    make_customer(alejandra.tenant)
    make_customer(alejandra.tenant, "Woodgrove", "woodgrovebank.example")
    asked = quote(json.dumps({"Field": field, "Value": value, "Operator": "starts_with"}))
    body = api.call(alejandra, f"{CUSTOMERS}?filter={asked}").json()
    assert [item["companyProfile"]["companyName"] for item in body["items"]] == found
    assert body["totalCount"] == len(found)


@pytest.mark.parametrize(
    "query",
    [
        "size=0",
        "size=501",
        "size=x",
        "size=-1",
        "size=0000000001000",
        "size=0000000001" + "0" * 30,
        "seekOperation=Sideways",
        "seekOperation=",
        "filter=x",
        "filter={}",
        "filter=" + quote('{"Field":"Country","Value":"US","Operator":"equals"}'),
        "filter=" + quote('{"Field":"CompanyName","Value":"a","Operator":"contains"}'),
    ],
)
def test_a_bad_query_names_what_is_wrong(api: Api, alejandra: User, query: str) -> None:
    response = api.call(alejandra, f"{CUSTOMERS}?{query}")
    assert response.status_code == 400
    assert response.json()["data"] == [query.partition("=")[0]]


def test_one_customer_has_the_shape_of_the_samples(api: Api, alejandra: User) -> None:
    customer = make_customer(alejandra.tenant)
    body = api.call(alejandra, f"{CUSTOMERS}/{customer.tenant_id}").json()
    address = dict.fromkeys(
        (
            "country", "region", "city", "state", "addressLine1", "addressLine2", "postalCode", "firstName",
            "lastName", "phoneNumber",
        ),
        "str",
    )  # fmt: skip
    assert shape(body) == {
        **LISTED,
        "companyProfile": {
            **LISTED["companyProfile"], "email": "str", "address": address, "links": {"self": LINK},  # type: ignore[dict-item]
        },
        "billingProfile": {
            "id": "str", "firstName": "str", "lastName": "str", "email": "str", "culture": "str", "language": "str",
            "companyName": "str", "defaultAddress": address, "links": {"self": LINK},
            "attributes": {"objectType": "str", "etag": "str"},
        },
        "allowDelegatedAccess": "bool",
        "customDomains": ["str"],
        "associatedPartnerId": "str",
    }  # fmt: skip


def test_a_list_costs_the_same_queries_however_long(api: Api, alejandra: User, django_assert_num_queries: Any) -> None:
    """The person with what decides about the token; the calls of this minute; the customers with their count; the
    log."""
    make_customers(alejandra.tenant, 30)
    token = api.token_of(alejandra)
    api.call(token, CUSTOMERS)
    with django_assert_num_queries(4):
        api.call(token, CUSTOMERS)


def test_a_customer_is_created(api: Api, alejandra: User) -> None:
    response = api.call(alejandra, CUSTOMERS, method="POST", body=NEW)
    assert response.status_code == 201
    body = response.json()
    assert response["Location"] == f"/v1/customers/{body['id']}"
    assert body["companyProfile"]["companyName"] == "New Coffee"
    kept = Customer.objects.get(tenant_id=body["id"])
    assert (kept.partner_id, kept.country, kept.billing_profile.region) == (alejandra.tenant_id, "US", "WA")
    assert AuditRecord.objects.get(action="customer.added").actor == "alejandra@contoso.example"


def test_names_may_start_with_a_capital_as_older_clients_send_them(api: Api, alejandra: User) -> None:
    body = {
        "CompanyProfile": {"Domain": "newcoffee.example"},
        "BillingProfile": {
            **NEW["billingProfile"],
            "DefaultAddress": NEW["billingProfile"]["defaultAddress"],  # type: ignore[index]
        },
    }
    assert api.call(alejandra, CUSTOMERS, method="POST", body=body).status_code == 201


def test_null_is_nothing_as_the_samples_send_it(api: Api, alejandra: User) -> None:
    """Typed from the public sample: whole resources, with null in whatever the client leaves open."""
    address = {
        "Country": "US", "Region": None, "City": "Redmond", "State": "WA", "AddressLine1": "One Main Street",
        "AddressLine2": None, "PostalCode": "98052", "FirstName": "Gena", "LastName": "Soto",
        "PhoneNumber": "4255550100",
    }  # fmt: skip
    body = {
        "Id": None,
        "CommerceId": None,
        "CompanyProfile": {"TenantId": None, "Domain": "newcoffee.example", "CompanyName": None},
        "BillingProfile": {
            "Id": None, "FirstName": None, "LastName": None, "Email": "gena@newcoffee.example", "Culture": "EN-US",
            "Language": None, "CompanyName": "New Coffee", "DefaultAddress": address,
        },
        "RelationshipToPartner": "none",
        "AllowDelegatedAccess": None,
        "UserCredentials": None,
        "CustomDomains": None,
        "AssociatedPartnerId": None,
        "Attributes": {"ObjectType": "Customer"},
    }  # fmt: skip
    created = api.call(alejandra, CUSTOMERS, method="POST", body=body)
    assert created.status_code == 201, created.content
    where = f"/v1/customers/{created.json()['id']}/profiles/billing"
    read = created.json()["billingProfile"]
    changed = {**read, "language": None, "defaultAddress": {**read["defaultAddress"], "addressLine2": None}}
    sent = {"If-Match": f'"{read["attributes"]["etag"]}"'}
    assert api.call(alejandra, where, method="PUT", body=changed, headers=sent).status_code == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"companyProfile": {}}, "companyProfile"),
        ({"companyProfile": {"domain": 5}}, "companyProfile.domain"),
        ({"companyProfile": {"domain": "not a domain"}}, "companyProfile.domain"),
        ({"billingProfile": None}, "billingProfile"),
        ({"associatedPartnerId": "x"}, "associatedPartnerId"),
    ],
)
def test_a_bad_body_names_the_field(api: Api, alejandra: User, changed: dict[str, Any], field: str) -> None:
    response = api.call(alejandra, CUSTOMERS, method="POST", body={**NEW, **changed})
    assert response.status_code == 400
    assert response.json()["data"] == [field]
    assert field in response.json()["description"]
    assert not Customer.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "5", '{"companyProfile":' + "[" * 5000])
def test_a_body_that_is_no_object_is_refused(api: Api, alejandra: User, body: str) -> None:
    assert api.call(alejandra, CUSTOMERS, method="POST", body=body).status_code == 400


def test_a_domain_that_is_taken_is_refused(api: Api, alejandra: User) -> None:
    make_customer(alejandra.tenant, domain="newcoffee.example")
    response = api.call(alejandra, CUSTOMERS, method="POST", body=NEW)
    assert (response.status_code, response.json()["data"]) == (400, ["companyProfile.domain"])


def test_the_relationship_is_ended_when_nothing_is_active(api: Api, alejandra: User) -> None:
    customer = make_customer(alejandra.tenant)
    subscription = make_subscription(customer)
    path, body = f"{CUSTOMERS}/{customer.tenant_id}", {"relationshipToPartner": "None"}
    refused = api.call(alejandra, path, method="PATCH", body=body)
    assert refused.status_code == 409
    subscription.status = "suspended"
    subscription.save()
    assert api.call(alejandra, path, method="PATCH", body=body).json()["relationshipToPartner"] == "none"
    assert AuditRecord.objects.filter(action="customer.relationship-ended").count() == 1


def test_nothing_but_the_end_can_be_written(api: Api, alejandra: User) -> None:
    customer = make_customer(alejandra.tenant)
    response = api.call(
        alejandra, f"{CUSTOMERS}/{customer.tenant_id}", method="PATCH", body={"relationshipToPartner": "advisor"}
    )
    assert (response.status_code, response.json()["data"]) == (400, ["relationshipToPartner"])


def billing(customer: Customer) -> str:
    return f"{CUSTOMERS}/{customer.tenant_id}/profiles/billing"


def test_a_billing_profile_is_replaced_by_whoever_read_the_newest(api: Api, alejandra: User) -> None:
    customer = make_customer(alejandra.tenant)
    profile = api.call(alejandra, billing(customer)).json()
    etag = {"If-Match": f'"{profile["attributes"]["etag"]}"'}
    profile["firstName"] = "Bea"
    changed = api.call(alejandra, billing(customer), method="PUT", body=profile, headers=etag)
    assert (changed.status_code, changed.json()["firstName"]) == (200, "Bea")
    again = api.call(alejandra, billing(customer), method="PUT", body=profile, headers=etag)
    assert (again.status_code, again.json()["code"]) == (412, "2055")


def test_a_billing_profile_is_not_replaced_blindly(api: Api, alejandra: User) -> None:
    customer = make_customer(alejandra.tenant)
    profile = api.call(alejandra, billing(customer)).json()
    response = api.call(alejandra, billing(customer), method="PUT", body=profile)
    assert (response.status_code, response.json()["data"]) == (428, ["If-Match"])


def test_the_company_profile_stands_alone_too(api: Api, alejandra: User) -> None:
    customer = make_customer(alejandra.tenant)
    body = api.call(alejandra, f"{CUSTOMERS}/{customer.tenant_id}/profiles/company").json()
    assert (body["companyName"], body["attributes"]["objectType"]) == ("Fourth Coffee", "CustomerCompanyProfile")
