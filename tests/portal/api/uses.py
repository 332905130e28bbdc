"""What people did, as the roll-ups and the log of requests have it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import PartnerTenant
from activity.models import ApiRequest, Channel, DailyUse
from tests.portal.api.conftest import APPLICATION


def ago(days: int) -> date:
    return timezone.now().date() - timedelta(days=days)


def noon(days: int) -> datetime:
    return datetime.combine(ago(days), time(12), UTC)


def use(tenant: PartnerTenant, days: int, **values: Any) -> DailyUse:
    """Two operations of John in the portal so many days ago, none with MFA."""
    usual = {
        "channel": Channel.PORTAL,
        "application_id": "",
        "user_id": "john",
        "user_name": "john@contoso.example",
        "operations": 2,
        "with_mfa": 0,
        "last_at": noon(days),
    }
    given = {**usual, **values}
    lacking = given["last_at"] if given["with_mfa"] < given["operations"] else None
    return DailyUse.objects.create(tenant_id=tenant.id, day=ago(days), last_without_mfa_at=lacking, **given)


def request(tenant: PartnerTenant, at: datetime, **values: Any) -> ApiRequest:
    usual = {
        "user_id": "john",
        "user_name": "john@contoso.example",
        "application_id": APPLICATION,
        "operation": "Get /v{version}/customers/{customer_id}/subscriptions",
        "path": "/v1/customers/c1/subscriptions",
        "ip": "203.0.113.7",
        "status": 401,
        "code": "900421",
        "mfa": False,
        "request_id": str(uuid4()),
        "correlation_id": str(uuid4()),
        "claims": "{}",
    }
    return ApiRequest.objects.create(tenant_id=tenant.id, at=at, **{**usual, **values})
