"""Webhook registration over the API. The shapes are typed from the public interface description."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from activity.models import ApiRequest, AuditRecord
from tests.portal.api.conftest import Api, known
from tests.portal.api.shapes import shape, strings
from tests.portal.conftest import make_user
from tests.portal.webhooks.conftest import Receiver, portal, receiver  # noqa: F401 - fixtures
from webhooks.delivery import deliver_due
from webhooks.models import Delivery, Registration

HERE = "/webhooks/v1/registration"
SHAPE = {
    **strings("subscriberId", "webhookUrl", "lastModifiedTimestamp"),
    "webhookEvents": ["str"],
    "signatureTokenToMsSignatureHeader": "bool",
}


def body(url: str = "https://hooks.contoso.example/", *events: str, **more: Any) -> dict[str, Any]:
    return {"WebhookUrl": url, "WebhookEvents": list(events or ("test-created", "subscription-updated")), **more}


def test_a_webhook_is_registered_read_and_changed(api: Api, alejandra: User) -> None:
    assert api.call(alejandra, HERE).status_code == 404
    response = api.call(alejandra, HERE, method="POST", body=body())
    assert (response.status_code, response["Location"]) == (201, HERE)
    assert shape(response.json()) == SHAPE
    assert api.call(alejandra, HERE).json() == response.json()
    changed = body("https://other.contoso.example/", "Test-Created", SignatureTokenToMsSignatureHeader=True)
    answer = api.call(alejandra, HERE, method="PUT", body=changed).json()
    assert (answer["webhookUrl"], answer["webhookEvents"]) == ("https://other.contoso.example/", ["test-created"])
    assert answer["signatureTokenToMsSignatureHeader"] is True
    assert answer["subscriberId"] == response.json()["subscriberId"]
    assert list(AuditRecord.objects.order_by("pk").values_list("action", flat=True)) == [
        "webhook.registered",
        "webhook.changed",
    ]


def test_a_key_in_the_address_is_not_kept_for_ever(api: Api, alejandra: User) -> None:
    sent = body("https://hooks.contoso.example/a?code=s3cret")
    api.call(alejandra, HERE, method="POST", body=sent, headers={"MS-CorrelationId": "c-1"})
    record = AuditRecord.objects.get()
    assert (record.subject, record.request_id) == ("https://hooks.contoso.example/a", "c-1")


def test_a_partner_has_one_registration_and_sees_no_others(api: Api, alejandra: User, olga: User) -> None:
    api.call(alejandra, HERE, method="POST", body=body())
    assert api.call(alejandra, HERE, method="POST", body=body()).status_code == 409
    assert api.call(olga, HERE).status_code == 404
    assert api.call(olga, HERE, method="PUT", body=body()).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (body("http://hooks.contoso.example/"), "webhookUrl"),
        (body("https://10.0.0.5/"), "webhookUrl"),
        (body("https://hooks.contoso.example/", "coffee-ready"), "webhookEvents"),
        (body("https://hooks.contoso.example/", "usagerecords-thresholdExceeded"), "webhookEvents"),
        ({"WebhookUrl": "https://hooks.contoso.example/", "WebhookEvents": []}, "webhookEvents"),
        ({"WebhookUrl": "https://hooks.contoso.example/", "WebhookEvents": "test-created"}, "webhookEvents"),
        ({"WebhookEvents": ["test-created"]}, "webhookUrl"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_bad_registration_names_the_field(
    api: Api, alejandra: User, method: str, wrong: dict[str, Any], field: str
) -> None:
    if method == "PUT":
        api.call(alejandra, HERE, method="POST", body=body())
    response = api.call(alejandra, HERE, method=method, body=wrong)
    assert response.status_code == 400
    assert response.json()["data"] == [field] or field in response.json()["description"]


def test_the_events_are_listed(api: Api, alejandra: User) -> None:
    assert api.call(alejandra, f"{HERE}/events").json() == [
        "test-created",
        "subscription-updated",
        "invoice-ready",
    ]


def test_a_test_event_goes_to_the_receiver_and_its_result_is_told(
    api: Api,
    alejandra: User,
    olga: User,
    receiver: Receiver,  # noqa: F811
) -> None:
    api.call(alejandra, HERE, method="POST", body=body(receiver.url))
    response = api.call(alejandra, f"{HERE}/validationEvents", method="POST")
    assert response.status_code == 201
    key = response.json()["correlationId"]
    path = f"{HERE}/validationEvents/{key}"
    assert api.call(alejandra, path).json()["status"] == "pending"
    receiver.answers = [503]
    deliver_due()
    Registration.objects.update(due_at=None)
    deliver_due()
    answer = api.call(alejandra, path).json()
    result = {**strings("responseCode", "responseMessage", "dateTimeUtc"), "systemError": "bool"}
    assert shape(answer) == {**strings("correlationId", "partnerId", "status", "callbackUrl"), "results": [result]}
    assert (answer["status"], answer["callbackUrl"]) == ("completed", receiver.url)
    assert [each["responseCode"] for each in answer["results"]] == ["ServiceUnavailable", "OK"]
    (first, _second) = receiver.events
    assert (first["EventName"], first["ResourceUri"]) == ("test-created", f"http://localhost:8000{path}")
    assert receiver.signed(1, api.client)
    assert api.call(olga, path).status_code == 404
    assert api.call(alejandra, f"{HERE}/validationEvents/x").status_code == 404


def test_a_test_needs_a_registration_that_asks_for_it(api: Api, alejandra: User) -> None:
    for _time in range(2):
        response = api.call(alejandra, f"{HERE}/validationEvents", method="POST")
        assert (response.status_code, response.json()["data"]) == (400, ["webhookEvents"])
        api.call(alejandra, HERE, method="POST", body=body("https://hooks.contoso.example/", "invoice-ready"))


def test_two_tests_a_minute_are_enough(api: Api, alejandra: User) -> None:
    api.call(alejandra, HERE, method="POST", body=body())
    statuses = [api.call(alejandra, f"{HERE}/validationEvents", method="POST").status_code for _time in range(3)]
    assert statuses == [201, 201, 429]
    response = api.call(alejandra, f"{HERE}/validationEvents", method="POST")
    assert 1 <= int(response["Retry-After"]) <= 60
    Delivery.objects.update(changed_at=timezone.now() - timedelta(seconds=61))
    assert api.call(alejandra, f"{HERE}/validationEvents", method="POST").status_code == 201


@pytest.mark.requirement("A5")
def test_an_application_by_itself_may_register(api: Api, alejandra: User) -> None:
    assert api.call(api.app_only_token(alejandra), HERE, method="POST", body=body()).status_code == 201


@pytest.mark.parametrize(("role", "status"), [(Role.GLOBAL_ADMIN, 200), (Role.SALES_AGENT, 403)])
def test_webhooks_are_for_administrators(api: Api, contoso: PartnerTenant, role: Role, status: int) -> None:
    user = known(make_user(contoso, "Gina Hall", "gina@contoso.example", [role]), api)
    assert api.call(user, f"{HERE}/events").status_code == status


@pytest.mark.requirement("M20")
def test_webhook_calls_need_mfa_and_are_reported_under_their_own_name(api: Api, alejandra: User) -> None:
    assert api.call(api.token_of(alejandra, amr=["pwd"]), HERE).json()["code"] == "900421"
    assert ApiRequest.objects.get().operation == "Get /webhooks/v{version}/registration"
    assert api.call(alejandra, "/webhooks/v1/nothing").json()["code"] == "1000"
    assert api.call(alejandra, "/webhooks/v1").json()["code"] == "1000"
