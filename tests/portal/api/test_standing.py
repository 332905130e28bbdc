"""What a partner states about a customer, over the API. The shapes are typed from the public samples."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from activity.models import AuditRecord
from customers.models import Customer, CustomerCount, CustomerQualification, SpendingBudget, ValidationCode
from profiles.models import Kind, Profile
from support.models import CustomerRequest, RequestCount
from tests.portal.api.conftest import Api
from tests.portal.api.shapes import SELF, TYPED, amounts, shape, strings
from tests.portal.business import make_customer, make_invoice, make_line, make_request, make_subscription

MCA = "117a77b0-9360-443b-8795-c6dedc750cf9"


@pytest.fixture
def customer(alejandra: User) -> Customer:
    return make_customer(alejandra.tenant)


@pytest.fixture
def at(customer: Customer) -> str:
    return f"/v1/customers/{customer.tenant_id}"


def test_a_qualification_is_asked_for_and_reviewed(api: Api, alejandra: User, at: str, settings: Settings) -> None:
    settings.SANDBOX = False
    response = api.call(alejandra, f"{at}/qualifications", method="POST", body={"Qualification": "Education"})
    assert response.status_code == 201
    assert shape(response.json()) == strings("qualification", "vettingStatus", "vettingCreatedDate")
    assert (response.json()["qualification"], response.json()["vettingStatus"]) == ("Education", "InReview")
    assert api.call(alejandra, f"{at}/qualifications").json() == [response.json()]
    assert api.call(alejandra, f"{at}/qualification").json() == "education"
    assert AuditRecord.objects.filter(action="customer.qualification-requested").exists()


def test_a_sandbox_approves_at_once(api: Api, alejandra: User, at: str, settings: Settings) -> None:
    settings.SANDBOX = True
    body = api.call(alejandra, f"{at}/qualifications", method="POST", body={"qualification": "stateownedentity"})
    assert body.json()["vettingStatus"] == "Approved"


def test_a_qualification_is_asked_for_once_and_again_when_denied(api: Api, alejandra: User, at: str) -> None:
    ask = {"method": "POST", "body": {"qualification": "Education"}}
    api.call(alejandra, f"{at}/qualifications", **ask)  # type: ignore[arg-type]
    assert api.call(alejandra, f"{at}/qualifications", **ask).status_code == 409  # type: ignore[arg-type]
    CustomerQualification.objects.update(vetting_status="Denied", vetting_reason="Not a school")
    assert api.call(alejandra, f"{at}/qualifications").json()[0]["vettingReason"] == "Not a school"
    assert api.call(alejandra, f"{at}/qualifications", **ask).status_code == 201  # type: ignore[arg-type]


def test_a_government_customer_uses_up_a_code_of_the_partner(
    api: Api, alejandra: User, olga: User, at: str, settings: Settings
) -> None:
    settings.SANDBOX = False
    ValidationCode.objects.create(
        partner=alejandra.tenant, validation_id="12345", organization_name="City", remaining_creates=1
    )
    ValidationCode.objects.create(partner=olga.tenant, validation_id="99999", organization_name="Hers")
    for code in ("", "99999", "nothing"):
        response = api.call(
            alejandra, f"{at}/qualification?code={code}", method="PUT", body='"GovernmentCommunityCloud"'
        )
        assert (response.status_code, response.json()["data"]) == (400, ["code"])
    response = api.call(alejandra, f"{at}/qualification?code=12345", method="PUT", body=2)
    assert (response.status_code, response.json()) == (200, "governmentcommunitycloud")
    (code,) = api.call(alejandra, "/v1/customers/all/validations").json()
    assert shape(code) == {
        **strings("partnerId", "organizationName", "validationId", "eTag"),
        "maxCreates": "int",
        "remainingCreates": "int",
    }
    assert (code["validationId"], code["remainingCreates"]) == ("12345", 0)
    other = make_customer(alejandra.tenant, "Second City", "second.example")
    path = f"/v1/customers/{other.tenant_id}/qualification?code=12345"
    assert api.call(alejandra, path, method="PUT", body=2).status_code == 400


def test_none_takes_qualifications_away(api: Api, alejandra: User, at: str) -> None:
    api.call(alejandra, f"{at}/qualification", method="PUT", body='"education"')
    assert api.call(alejandra, f"{at}/qualification", method="PUT", body='"none"').json() == "none"
    assert api.call(alejandra, f"{at}/qualification").json() == "none"


@pytest.mark.parametrize("body", ['"school"', 9, -1, True, 1.5, {"a": 1}, [], "null", "x"])
def test_an_unknown_qualification_is_refused(api: Api, alejandra: User, at: str, body: Any) -> None:
    response = api.call(alejandra, f"{at}/qualification", method="PUT", body=body)
    assert response.status_code == 400
    response = api.call(alejandra, f"{at}/qualifications", method="POST", body={"qualification": "none"})
    assert response.json()["data"] == ["qualification"]


CONTACT = {"firstName": "Tania", "lastName": "Carr", "email": "someone@example.com", "phoneNumber": "1234567890"}
AGREED = {
    "primaryContact": CONTACT, "templateId": MCA, "dateAgreed": "2018-06-14T00:00:00.000Z",
    "type": "MicrosoftCustomerAgreement",
}  # fmt: skip


def test_an_accepted_agreement_is_confirmed(api: Api, alejandra: User, at: str) -> None:
    response = api.call(alejandra, f"{at}/agreements", method="POST", body=AGREED)
    assert response.status_code == 201
    assert shape(response.json()) == {
        **strings("userId", "templateId", "dateAgreed", "type", "agreementLink"),
        "primaryContact": strings("firstName", "lastName", "email", "phoneNumber"),
    }
    assert (response.json()["userId"], response.json()["primaryContact"]) == (alejandra.oid, CONTACT)
    body = api.call(alejandra, f"{at}/agreements?agreementType=MicrosoftCustomerAgreement").json()
    assert (body["items"], body["totalCount"]) == ([response.json()], 1)
    assert api.call(alejandra, f"{at}/agreements?agreementType=microsoftcloudagreement").json()["items"] == []
    assert AuditRecord.objects.filter(action="customer.agreement-confirmed").exists()


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"templateId": "998b88de-aa99-4388-a42c-1b3517d49490"}, ["templateId"]),
        ({"templateId": "x"}, ["templateId"]),
        ({"type": "Other"}, ["type"]),
        ({"dateAgreed": "last week"}, ["dateAgreed"]),
        ({"dateAgreed": f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"}, ["dateAgreed"]),
        ({"primaryContact": {**CONTACT, "email": "x"}}, ["primaryContact.email"]),
        ({"primaryContact": {}}, ["primaryContact.firstName", "primaryContact.lastName", "primaryContact.email"]),
    ],
)
def test_a_bad_confirmation_names_the_field(
    api: Api, alejandra: User, at: str, changed: dict[str, Any], fields: list[str]
) -> None:
    response = api.call(alejandra, f"{at}/agreements", method="POST", body={**AGREED, **changed})
    assert (response.status_code, response.json()["data"]) == (400, fields)


def test_the_templates_are_listed(api: Api, alejandra: User) -> None:
    body = api.call(alejandra, "/v1/agreements").json()
    item = {**strings("templateId", "agreementType", "agreementLink"), "versionRank": "int"}
    assert shape(body) == {"totalCount": "int", "items": [item], "links": SELF, "attributes": TYPED}
    assert {each["agreementType"] for each in body["items"]} == {
        "MicrosoftCustomerAgreement",
        "MicrosoftCloudAgreement",
    }
    body = api.call(alejandra, "/v1/agreements?agreementType=MicrosoftCustomerAgreement").json()
    assert [each["templateId"] for each in body["items"]] == [MCA]
    assert api.call(alejandra, "/v1/agreements?agreementType=x").json()["data"] == ["agreementType"]


def test_a_budget_is_set_and_taken_away(api: Api, alejandra: User, customer: Customer, at: str) -> None:
    assert api.call(alejandra, f"{at}/usagebudget").json()["amount"] is None
    response = api.call(
        alejandra, f"{at}/usagebudget", method="PATCH", body={"Amount": 100.5, "Attributes": {"ObjectType": "x"}}
    )
    assert shape(response.json()) == {**amounts("amount", "usageSpendingBudget"), "links": SELF, "attributes": TYPED}
    assert (response.json()["amount"], response.json()["attributes"]["objectType"]) == (100.5, "SpendingBudget")
    assert SpendingBudget.objects.get(customer=customer).amount == 10050
    api.call(alejandra, f"{at}/usagebudget", method="PATCH", body={"amount": 100.5})
    assert AuditRecord.objects.filter(action="customer.budget-changed").count() == 1
    api.call(alejandra, f"{at}/usagebudget", method="PATCH", body={"amount": None})
    assert not SpendingBudget.objects.exists()


def test_a_budget_is_in_the_currency_the_partner_is_billed_in(
    api: Api, alejandra: User, customer: Customer, at: str
) -> None:
    Profile.objects.create(partner=alejandra.tenant, kind=Kind.BILLING, billing_currency="JPY")
    assert api.call(alejandra, f"{at}/usagebudget", method="PATCH", body={"amount": 5000}).json()["amount"] == 5000.0
    kept = SpendingBudget.objects.get(customer=customer)
    assert (kept.amount, kept.currency_code) == (5000, "JPY")


@pytest.mark.parametrize("amount", [-1, 10**13, "5", True, [], {}])
def test_a_bad_budget_is_refused(api: Api, alejandra: User, at: str, amount: Any) -> None:
    response = api.call(alejandra, f"{at}/usagebudget", method="PATCH", body={"amount": amount})
    assert (response.status_code, response.json()["data"]) == (400, ["amount"])


@pytest.mark.parametrize("rest", ["qualifications", "qualification", "agreements", "usagebudget"])
def test_another_partners_customer_is_not_found(api: Api, olga: User, at: str, rest: str) -> None:
    assert api.call(olga, f"{at}/{rest}").status_code == 404


def test_a_sandbox_customer_is_deleted_and_the_counters_stay_right(
    api: Api, alejandra: User, customer: Customer, at: str, settings: Settings
) -> None:
    settings.SANDBOX = True
    kept = make_customer(alejandra.tenant, "Woodgrove", "woodgrove.example")
    for each in (customer, kept):
        make_request(each)
        make_request(each, status="closed")
    line = make_line(make_invoice(alejandra.tenant), customer)
    make_subscription(customer)
    customer.subscriptions.update(status="suspended")
    response = api.call(alejandra, at, method="DELETE")
    assert (response.status_code, response.content) == (204, b"")
    assert api.call(alejandra, at).status_code == 404
    counted = RequestCount.objects.get(partner=alejandra.tenant)
    assert (counted.total, counted.open, CustomerRequest.objects.count()) == (2, 1, 2)
    assert CustomerCount.objects.get(partner=alejandra.tenant).total == 1
    line.refresh_from_db()
    assert (line.customer_id, line.customer_name) == (None, "Fourth Coffee")
    assert AuditRecord.objects.get(action="customer.deleted").subject == "Fourth Coffee"


def test_a_customer_with_active_subscriptions_is_not_deleted(
    api: Api, alejandra: User, customer: Customer, at: str, settings: Settings
) -> None:
    settings.SANDBOX = True
    make_subscription(customer)
    assert api.call(alejandra, at, method="DELETE").status_code == 409
    assert Customer.objects.filter(pk=customer.pk).exists()


def test_outside_a_sandbox_no_customer_is_deleted(
    api: Api, alejandra: User, olga: User, customer: Customer, at: str, settings: Settings
) -> None:
    settings.SANDBOX = False
    response = api.call(alejandra, at, method="DELETE")
    assert (response.status_code, response.json()["code"]) == (403, "900308")
    settings.SANDBOX = True
    assert api.call(olga, at, method="DELETE").status_code == 404
    assert Customer.objects.filter(pk=customer.pk).exists()
