"""A customer's subscriptions. The shapes are typed from the public samples, not from our answers."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from activity.models import AuditRecord
from customers.models import Customer, Subscription
from tests.portal.api.conftest import Api
from tests.portal.api.shapes import LINK, TYPED, collection, shape
from tests.portal.business import make_customer, make_order
from tests.portal.catalog import make_offer
from webhooks.models import Delivery

SUBSCRIPTION = {
    "id": "str",
    "offerId": "str",
    "offerName": "str",
    "friendlyName": "str",
    "quantity": "int",
    "unitType": "str",
    "creationDate": "str",
    "effectiveStartDate": "str",
    "commitmentEndDate": "str",
    "status": "str",
    "autoRenewEnabled": "bool",
    "billingType": "str",
    "billingCycle": "str",
    "termDuration": "str",
    "contractType": "str",
    "orderId": "str",
    "links": {"offer": LINK, "self": LINK},
    "attributes": {**TYPED, "etag": "str"},
}


def ordered(customer: Customer, *, quantity: int = 5, **values: Any) -> Subscription:
    subscription = make_order(customer, quantity=quantity).lines.get().subscription
    for name, value in values.items():
        setattr(subscription, name, value)
    subscription.save()
    return subscription


def path(customer: Customer, subscription: Subscription | None = None, more: str = "") -> str:
    one = f"/{subscription.pk}" if subscription else ""
    return f"/v1/customers/{customer.tenant_id}/subscriptions{one}{more}"


@pytest.fixture
def customer(alejandra: User) -> Customer:
    return make_customer(alejandra.tenant)


def test_the_list_has_the_shape_of_the_samples(api: Api, alejandra: User, customer: Customer) -> None:
    ordered(customer)
    body = api.call(alejandra, path(customer)).json()
    assert shape(body) == collection(SUBSCRIPTION)
    assert body["items"][0]["attributes"]["objectType"] == "Subscription"
    assert body["items"][0]["effectiveStartDate"] == "2026-01-05T00:00:00Z"
    assert body["items"][0]["creationDate"] == "2026-01-05T09:00:00Z"


def test_one_subscription_has_the_shape_of_the_samples(api: Api, alejandra: User, customer: Customer) -> None:
    make_offer()
    body = api.call(alejandra, path(customer, ordered(customer))).json()
    assert shape(body) == SUBSCRIPTION
    assert (body["billingType"], body["contractType"], body["status"]) == ("license", "subscription", "active")
    assert api.call(alejandra, f"/v1{body['links']['self']['uri']}").json() == body
    assert api.call(alejandra, f"/v1{body['links']['offer']['uri']}").json()["id"] == body["offerId"]


def test_an_add_on_names_and_links_its_parent(api: Api, alejandra: User, customer: Customer) -> None:
    base = ordered(customer)
    add_on = ordered(customer, parent=base, partner_id="4847383")
    body = api.call(alejandra, path(customer, add_on)).json()
    links = {"offer": LINK, "parentSubscription": LINK, "self": LINK}
    assert shape(body) == {**SUBSCRIPTION, "parentSubscriptionId": "str", "partnerId": "str", "links": links}
    assert body["parentSubscriptionId"] == str(base.pk)
    found = api.call(alejandra, path(customer, base, "/addons")).json()
    assert shape(found) == collection(shape(body))
    assert [each["id"] for each in found["items"]] == [str(add_on.pk)]
    assert api.call(alejandra, path(customer, add_on, "/addons")).json()["items"] == []


def test_what_is_billed_by_use_is_an_entitlement(api: Api, alejandra: User, customer: Customer) -> None:
    azure = ordered(customer, quantity=1, unit_type="Usage")
    body = api.call(alejandra, path(customer, azure)).json()
    assert shape(body) == {**SUBSCRIPTION, "entitlementId": "str"}
    assert body["billingType"] == "usage"


def test_subscriptions_are_found_by_order_and_by_partner(api: Api, alejandra: User, customer: Customer) -> None:
    first, second = ordered(customer), ordered(customer, partner_id="4847383")

    def found(query: str) -> list[str]:
        return [each["id"] for each in api.call(alejandra, path(customer) + query).json()["items"]]

    assert found(f"?order_id={first.order_line.order_id}") == [str(first.pk)]
    assert found(f"?order_id={uuid4()}") == []
    assert found("?mpn_id=4847383") == [str(second.pk)]
    assert found("?mpn_id=1") == []
    wrong = api.call(alejandra, path(customer) + "?order_id=x")
    assert (wrong.status_code, wrong.json()["data"]) == (400, ["order_id"])


def test_pages_keep_what_was_asked_for(api: Api, alejandra: User, customer: Customer) -> None:
    for _number in range(3):
        ordered(customer, partner_id="4847383")
    ordered(customer)
    first = api.call(alejandra, path(customer) + "?mpn_id=4847383&size=2").json()
    assert first["totalCount"] == 3
    second = api.call(alejandra, f"/v1{first['links']['next']['uri']}").json()
    assert len(second["items"]) == 1


def test_another_customers_or_partners_subscription_is_not_found(
    api: Api, alejandra: User, olga: User, customer: Customer
) -> None:
    other = ordered(make_customer(alejandra.tenant, "Woodgrove", "woodgrovebank.example"))
    theirs = ordered(make_customer(olga.tenant))
    for found in (path(customer, other), path(customer, theirs), path(theirs.customer, theirs), path(theirs.customer)):
        assert api.call(alejandra, found).status_code == 404, found
    refused = api.call(alejandra, path(theirs.customer, theirs), method="PATCH", body={"quantity": 6})
    assert refused.status_code == 404
    assert api.call(alejandra, path(customer) + "/not-a-guid").status_code == 404


def test_a_list_costs_the_same_queries_however_long(
    api: Api, alejandra: User, customer: Customer, django_assert_num_queries: Any
) -> None:
    """The person; the customer; the count; the subscriptions with their orders; the log."""
    for _number in range(20):
        ordered(customer)
    token = api.token_of(alejandra)
    api.call(token, path(customer))
    with django_assert_num_queries(6):
        api.call(token, path(customer))


def change(api: Api, who: User, subscription: Subscription, body: Any, **headers: str) -> Any:
    return api.call(who, path(subscription.customer, subscription), method="PATCH", body=body, headers=headers)


def test_a_subscription_is_renamed_resized_and_its_renewal_changed(
    api: Api, alejandra: User, customer: Customer
) -> None:
    subscription = ordered(customer)
    body = {"friendlyName": " Head office ", "quantity": 7, "autoRenewEnabled": False}
    answer = change(api, alejandra, subscription, body)
    assert (answer.status_code, shape(answer.json())) == (200, SUBSCRIPTION)
    subscription.refresh_from_db()
    kept = (subscription.friendly_name, subscription.quantity, subscription.auto_renew_enabled)
    assert kept == ("Head office", 7, False)
    record = AuditRecord.objects.get(action="customer.subscription-changed")
    assert record.actor == "alejandra@contoso.example"
    assert record.detail["changed"] == {
        "friendly_name": ["", "Head office"],
        "quantity": [5, 7],
        "auto_renew_enabled": [True, False],
    }


def test_the_whole_resource_can_be_sent_back_as_older_clients_do(api: Api, alejandra: User, customer: Customer) -> None:
    subscription = ordered(customer)
    whole = api.call(alejandra, path(customer, subscription)).json()
    old = {name[0].upper() + name[1:]: value for name, value in whole.items()}
    answer = change(api, alejandra, subscription, {**old, "Quantity": 9, "ParentSubscriptionId": None})
    assert answer.json()["quantity"] == 9
    record = AuditRecord.objects.get(action="customer.subscription-changed")
    assert "status" not in record.detail["changed"]


@pytest.mark.parametrize("status", ["suspended", "Suspended", 2])
def test_a_subscription_is_suspended_and_reactivated(
    api: Api, alejandra: User, customer: Customer, status: str | int
) -> None:
    subscription = ordered(customer)
    assert change(api, alejandra, subscription, {"status": status}).json()["status"] == "suspended"
    assert change(api, alejandra, subscription, {"status": "active"}).json()["status"] == "active"
    assert AuditRecord.objects.filter(action="customer.subscription-changed").count() == 2


def test_suspending_takes_the_add_ons_along_and_they_wait_for_it(api: Api, alejandra: User, customer: Customer) -> None:
    base = ordered(customer)
    add_on = ordered(customer, parent=base)
    change(api, alejandra, base, {"status": "suspended"})
    add_on.refresh_from_db()
    assert (add_on.status, add_on.version) == ("suspended", 2)
    refused = change(api, alejandra, add_on, {"status": "active"})
    assert (refused.status_code, refused.json()["code"], refused.json()["data"]) == (409, "27009", ["status"])
    change(api, alejandra, base, {"status": "active"})
    assert change(api, alejandra, add_on, {"status": "active"}).status_code == 200


def test_the_partners_receiver_hears_of_a_change_and_of_nothing_else(api: Api, alejandra: User) -> None:
    subscription = ordered(make_customer(alejandra.tenant))
    address = "https://hooks.contoso.example/"
    body = {"WebhookUrl": address, "WebhookEvents": ["subscription-updated"]}
    assert api.call(alejandra, "/webhooks/v1/registration", method="POST", body=body).status_code < 300
    change(api, alejandra, subscription, {"quantity": subscription.quantity})
    change(api, alejandra, subscription, {"quantity": 0})
    assert not Delivery.objects.exists()
    assert change(api, alejandra, subscription, {"quantity": 7}).status_code == 200
    told = Delivery.objects.get()
    assert (told.registration.url, told.event) == (address, "subscription-updated")
    assert told.resource_uri.endswith(path(subscription.customer, subscription))


@pytest.mark.parametrize(
    ("before", "body", "code", "field"),
    [
        ({"status": "suspended"}, {"quantity": 6}, "2001", "quantity"),
        ({}, {"quantity": 0}, "2002", "quantity"),
        ({}, {"quantity": 1001}, "2002", "quantity"),
        ({"unit_type": "Usage"}, {"quantity": 6}, "800095", "quantity"),
        ({}, {"status": "deleted"}, "800096", "status"),
        ({"status": "deleted"}, {"friendlyName": "x"}, "2011", "status"),
        ({}, {"status": "sleeping"}, "2000", "status"),
        ({}, {"status": 99}, "2000", "status"),
        ({}, {"quantity": "five"}, "2000", "quantity"),
        ({}, {"quantity": 1.5}, "2000", "quantity"),
        ({}, {"friendlyName": "x" * 121}, "2000", "friendlyName"),
        ({}, {"friendlyName": "a\u0000b"}, "2000", "friendlyName"),
        ({}, {"autoRenewEnabled": "yes"}, "2000", "autoRenewEnabled"),
    ],
)
def test_a_change_that_is_not_possible_says_why_and_writes_nothing(
    api: Api, alejandra: User, customer: Customer, before: dict[str, Any], body: dict[str, Any], code: str, field: str
) -> None:
    make_offer(maximum=1000)
    subscription = ordered(customer, **before)
    refused = change(api, alejandra, subscription, body)
    assert (refused.status_code, refused.json()["code"], refused.json()["data"]) == (400, code, [field])
    assert Subscription.objects.get(pk=subscription.pk).version == 1
    assert not AuditRecord.objects.filter(action="customer.subscription-changed").exists()


def test_who_names_an_older_version_changes_nothing(api: Api, alejandra: User, customer: Customer) -> None:
    subscription = ordered(customer)
    etag = api.call(alejandra, path(customer, subscription)).json()["attributes"]["etag"]
    named = {"If-Match": f'"{etag}"'}
    assert change(api, alejandra, subscription, {"quantity": 6}, **named).status_code == 200
    again = change(api, alejandra, subscription, {"quantity": 7}, **named)
    assert (again.status_code, again.json()["code"]) == (412, "2055")
    subscription.refresh_from_db()
    assert (subscription.quantity, subscription.version) == (6, 2)


def test_repeating_what_is_there_is_no_change(api: Api, alejandra: User, customer: Customer) -> None:
    subscription = ordered(customer)
    assert change(api, alejandra, subscription, {"quantity": 5}).status_code == 200
    assert Subscription.objects.get(pk=subscription.pk).version == 1
    assert not AuditRecord.objects.filter(action="customer.subscription-changed").exists()


def test_the_provisioning_status_has_the_shape_of_the_sample(api: Api, alejandra: User, customer: Customer) -> None:
    body = api.call(alejandra, path(customer, ordered(customer), "/provisioningstatus")).json()
    assert body == {
        "skuId": "CFQ7TTC0LF8R:0001",
        "status": "success",
        "quantity": 5,
        "endDate": "2027-01-04T00:00:00Z",
        "attributes": {"objectType": "SubscriptionProvisioningStatus"},
    }
    waiting = ordered(customer, status="pending")
    assert api.call(alejandra, path(customer, waiting, "/provisioningstatus")).json()["status"] == "pending"


def test_the_registration_status_has_the_shape_of_the_sample(api: Api, alejandra: User, customer: Customer) -> None:
    licensed, by_use = ordered(customer), ordered(customer, unit_type="Usage")
    body = api.call(alejandra, path(customer, licensed, "/registrationstatus")).json()
    assert body == {
        "subscriptionId": str(licensed.pk),
        "status": "NotRegistered",
        "attributes": {"objectType": "SubscriptionRegistrationStatus"},
    }
    assert api.call(alejandra, path(customer, by_use, "/registrationstatus")).json()["status"] == "Registered"
