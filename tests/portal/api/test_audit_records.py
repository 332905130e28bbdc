"""The audit log over the API. The shape is typed from the public samples."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from activity.models import AuditRecord
from tests.portal.api.conftest import APPLICATION, Api, known
from tests.portal.api.shapes import SELF, TYPED, shape, strings
from tests.portal.conftest import make_user

RECORDS = "/v1/auditrecords"
COFFEE = "d0000000-0000-4000-8000-000000000001"


def done(user: User, action: str = "customer.edited", subject: str = "Fourth Coffee", **values: Any) -> AuditRecord:
    values.setdefault("detail", {"customer": COFFEE, "changed": {"city": ["Seattle", "Redmond"]}})
    values.setdefault("actor", user.user_principal_name)
    return AuditRecord.objects.create(action=action, tenant_id=user.tenant_id, subject=subject, **values)


def test_a_record_has_the_shape_of_the_samples(api: Api, alejandra: User) -> None:
    done(alejandra)
    body = api.call(alejandra, RECORDS).json()
    item = {
        **strings(
            "id", "partnerId", "customerId", "customerName", "userPrincipalName", "resourceType", "resourceOldValue",
            "resourceNewValue", "operationType", "operationDate", "operationStatus",
        ),
        "customizedData": [strings("key", "value")],
        "attributes": TYPED,
    }  # fmt: skip
    assert shape(body) == {"totalCount": "int", "items": [item], "links": SELF, "attributes": TYPED}
    (record,) = body["items"]
    assert (record["resourceType"], record["operationType"], record["operationStatus"]) == (
        "customer",
        "update_customer_billing_profile",
        "succeeded",
    )
    assert (json.loads(record["resourceOldValue"]), json.loads(record["resourceNewValue"])) == (
        {"city": "Seattle"},
        {"city": "Redmond"},
    )
    assert (record["customerName"], record["userPrincipalName"]) == ("Fourth Coffee", "alejandra@contoso.example")


@pytest.mark.parametrize(
    ("action", "resource", "operation"),
    [
        ("customer.added", "customer", "add_customer"),
        ("customer.relationship-ended", "customer", "remove_partner_customer_relationship"),
        ("customer.subscription-changed", "subscription", "update_subscription"),
        ("account.role-assigned", "partner_user", "update_partner_user"),
        ("request.replied", "request", "request_replied"),
    ],
)
def test_actions_have_the_names_that_clients_know(
    api: Api, alejandra: User, action: str, resource: str, operation: str
) -> None:
    done(alejandra, action)
    (record,) = api.call(alejandra, RECORDS).json()["items"]
    assert (record["resourceType"], record["operationType"]) == (resource, operation)


def test_an_application_is_named_in_a_field_of_its_own(api: Api, alejandra: User) -> None:
    done(alejandra, actor=f"app:{APPLICATION}")
    (record,) = api.call(alejandra, RECORDS).json()["items"]
    assert (record["applicationId"], record["userPrincipalName"]) == (APPLICATION, "")


def test_nobody_reads_another_tenants_log(api: Api, alejandra: User, olga: User) -> None:
    done(alejandra)
    AuditRecord.objects.create(action="event-stream.added", actor="system", tenant_id=None, subject="x")
    assert api.call(olga, RECORDS).json()["items"] == []


def test_the_window_is_the_last_thirty_days_unless_told_otherwise(api: Api, alejandra: User) -> None:
    now = timezone.now()
    for days in (0, 29, 31, 89):
        done(alejandra, subject=f"{days} days ago", at=now - timedelta(days=days))

    def found(query: str) -> list[str]:
        items = api.call(alejandra, f"{RECORDS}?{query}").json()["items"]
        return [item["customerName"] for item in items]

    assert found("") == ["0 days ago", "29 days ago"]
    ninety, thirty = f"{now - timedelta(days=90):%Y-%m-%d}", f"{now - timedelta(days=30):%Y-%m-%d}"
    assert found(f"startDate={ninety}&endDate={thirty}") == ["31 days ago", "89 days ago"]
    assert found(f"startDate={now:%Y-%m-%d}T00:00:00Z") == ["0 days ago"]


def test_the_last_day_is_whole(api: Api, alejandra: User) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    done(alejandra, at=datetime(yesterday.year, yesterday.month, yesterday.day, 23, 59, 59, tzinfo=UTC))
    query = f"startDate={yesterday}&endDate={yesterday}"
    assert api.call(alejandra, f"{RECORDS}?{query}").json()["totalCount"] == 1


@pytest.mark.parametrize(
    ("field", "operator", "value", "found"),
    [
        ("CompanyName", "substring", "coff", ["customer.edited"]),
        ("CustomerId", "equals", COFFEE.upper(), ["customer.edited"]),
        ("ResourceType", "equals", "Customer", ["customer.added", "customer.edited"]),
        ("ResourceType", "equals", "order", ["customer.order-placed"]),
        ("ResourceType", "equals", "invoice", ["invoice.issued"]),
        ("ResourceType", "equals", "partner_user", ["account.role-assigned"]),
        ("ResourceType", "equals", "account", ["account.signed-in"]),
        ("ResourceType", "equals", "request", ["request.closed"]),
    ],
)
def test_a_filter_narrows_the_log(
    api: Api, alejandra: User, field: str, operator: str, value: str, found: list[str]
) -> None:
    done(alejandra, "customer.edited")
    done(alejandra, "customer.added", "Woodgrove", detail={"customer": str(alejandra.tenant_id)})
    done(alejandra, "customer.order-placed", "Woodgrove", detail={})
    done(alejandra, "account.role-assigned", "Coffee lover", detail={})
    done(alejandra, "account.signed-in", "Alejandra", detail={})
    done(alejandra, "request.closed", "26010001", detail={})
    done(alejandra, "invoice.issued", "G26010001", detail={})
    asked = quote(json.dumps({"Field": field, "Value": value, "Operator": operator}))
    items = api.call(alejandra, f"{RECORDS}?filter={asked}").json()["items"]
    kept = AuditRecord.objects.filter(pk__in=[item["id"] for item in items]).order_by("action")
    assert [record.action for record in kept] == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("startDate=yesterday", "startDate"),
        ("startDate=2020-01-01", "startDate"),
        ("endDate=x", "endDate"),
        ("endDate=2020-01-01", "endDate"),
        ("startDate={today}&endDate={yesterday}", "endDate"),
        ("size=501", "size"),
        ("filter=" + quote('{"Field":"CustomerId","Value":"x","Operator":"equals"}'), "filter"),
        ("filter=" + quote('{"Field":"Actor","Value":"x","Operator":"equals"}'), "filter"),
    ],
)
def test_a_bad_query_names_what_is_wrong(api: Api, alejandra: User, query: str, field: str) -> None:
    today = timezone.now().date()
    asked = query.replace("{today}", str(today)).replace("{yesterday}", str(today - timedelta(days=1)))
    response = api.call(alejandra, f"{RECORDS}?{asked}")
    assert (response.status_code, response.json()["data"]) == (400, [field])


def test_the_log_is_read_to_the_end_by_continuation_token(api: Api, alejandra: User) -> None:
    for number in range(5):
        done(alejandra, subject=f"Customer {number}", at=timezone.now() - timedelta(hours=number))
    seen, page = [], api.call(alejandra, f"{RECORDS}?size=2").json()
    while True:
        seen += [item["customerName"] for item in page["items"]]
        if "next" not in page["links"]:
            break
        (header,) = page["links"]["next"]["headers"]
        page = api.call(
            alejandra, f"/v1{page['links']['next']['uri']}", headers={header["key"]: header["value"]}
        ).json()
    assert seen == [f"Customer {number}" for number in range(5)]


@pytest.mark.parametrize(("role", "status"), [(Role.GLOBAL_ADMIN, 200), (Role.HELPDESK_AGENT, 403)])
def test_the_log_is_for_administrators(api: Api, contoso: PartnerTenant, role: Role, status: int) -> None:
    user = known(make_user(contoso, "Gina Hall", "gina@contoso.example", [role]), api)
    assert api.call(user, RECORDS).status_code == status


@pytest.mark.requirement("A5")
def test_an_application_by_itself_reads_the_log(api: Api, alejandra: User) -> None:
    assert api.call(api.app_only_token(alejandra), RECORDS).status_code == 200


def test_the_log_costs_the_same_queries_however_long(api: Api, alejandra: User, django_assert_num_queries: Any) -> None:
    """The person with what decides about the token; the count; the records; the log of calls."""
    for _number in range(20):
        done(alejandra)
    token = api.token_of(alejandra)
    api.call(token, RECORDS)
    with django_assert_num_queries(5):
        api.call(token, RECORDS)
