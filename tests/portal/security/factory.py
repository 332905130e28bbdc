"""Plain factories for what the status report reads: roll-ups, snapshots, accounts, API requests."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import PartnerTenant
from activity.models import ApiRequest, Channel, DailyTotal, DailyUse
from security.models import AccountStatus, Finding, MailSubscription, StatusSnapshot

JANE, JOHN = "jane@contoso.example", "john@contoso.example"
APPLICATION = "20000000-0000-4000-8000-000000000001"


def today() -> date:
    return timezone.now().astimezone(UTC).date()


def noon(days_ago: int = 0) -> datetime:
    """A moment of that day; of today it is the last full minute."""
    if not days_ago:
        return timezone.now().replace(second=0, microsecond=0)
    return datetime.combine(today() - timedelta(days=days_ago), datetime.min.time(), UTC) + timedelta(hours=12)


def use(
    tenant: PartnerTenant,
    who: str,
    operations: int,
    with_mfa: int = 0,
    *,
    days_ago: int = 0,
    channel: Channel = Channel.PORTAL,
    application: str = "",
) -> None:
    """Both roll-up rows of what one person did on one day."""
    day, at = today() - timedelta(days=days_ago), noon(days_ago)
    DailyUse.objects.create(
        tenant_id=tenant.pk, day=day, channel=channel, application_id=application, user_id=who, user_name=who,
        operations=operations, with_mfa=with_mfa, last_at=at,
        last_without_mfa_at=at if with_mfa < operations else None,
    )  # fmt: skip
    total, _new = DailyTotal.objects.get_or_create(
        tenant_id=tenant.pk, day=day, channel=channel, defaults={"operations": 0, "with_mfa": 0}
    )
    total.operations += operations
    total.with_mfa += with_mfa
    total.save()


def documented_portal_use(tenant: PartnerTenant) -> None:
    """The documents' example of metric 2: 3 and 5 operations without MFA, 2 with."""
    use(tenant, JANE, 3, days_ago=6)
    use(tenant, JOHN, 5, days_ago=5)
    use(tenant, JANE, 2, 2, days_ago=4)


def documented_api_use(tenant: PartnerTenant) -> None:
    """The documents' example of metric 3: 3 requests without MFA, 5 by the application itself, 2 with."""
    use(tenant, JANE, 3, days_ago=6, channel=Channel.APP_AND_USER, application=APPLICATION)
    use(tenant, "", 5, days_ago=5, channel=Channel.APP_ONLY, application=APPLICATION)
    use(tenant, JANE, 2, 2, days_ago=4, channel=Channel.APP_AND_USER, application=APPLICATION)


def snapshot(tenant: PartnerTenant, *, days_ago: int = 0, **values: Any) -> StatusSnapshot:
    """The documents' example of metric 1, 90 of 100, unless told otherwise."""
    figures = {
        "enabled_accounts": 100, "enforced_accounts": 90, "portal_operations": 10, "portal_with_mfa": 2,
        "api_requests": 5, "api_with_mfa": 2, "score": 40, "score_rules": "2025-10",
    }  # fmt: skip
    day = today() - timedelta(days=days_ago)
    return StatusSnapshot.objects.create(tenant=tenant, day=day, taken_at=noon(days_ago), **figures | values)


def account(tenant: PartnerTenant, name: str, **values: Any) -> AccountStatus:
    """Enabled, a member, registered and enforced by conditional access, unless told otherwise."""
    facts = {
        "user_id": str(uuid4()), "user_principal_name": f"{name.lower()}@contoso.example", "guest": False,
        "enabled": True, "registered": True, "enforced_by": "conditional-access", "obstacle": "",
        "policy": "MFA for everybody", "assessed_at": noon(),
    }  # fmt: skip
    return AccountStatus.objects.create(tenant=tenant, display_name=name, **facts | values)


def request(tenant: PartnerTenant, at: datetime, **values: Any) -> ApiRequest:
    """A call of Jane's application without MFA, unless told otherwise."""
    facts = {
        "user_id": JANE, "user_name": JANE, "application_id": APPLICATION, "operation": "Get /v{version}/customers",
        "path": "/v1/customers", "ip": "192.0.2.7", "status": 401, "code": "900421", "mfa": False,
        "request_id": "r-1", "correlation_id": "c-1", "claims": '{"amr": ["pwd"]}',
    }  # fmt: skip
    return ApiRequest.objects.create(tenant_id=tenant.pk, at=at, **facts | values)


def subscription(tenant: PartnerTenant, address: str = "ann@contoso.example", **values: Any) -> MailSubscription:
    """Confirmed yesterday, alerted of every figure below 100 %, no weekly summary, unless told otherwise."""
    yesterday = timezone.now() - timedelta(days=1)
    facts = {
        "language": "en", "thresholds": {"accounts": 100, "portal": 100, "api": 100}, "asked_at": yesterday,
        "confirmed_at": yesterday, "judged_until": yesterday, "added_by": "alejandra@contoso.example",
    }  # fmt: skip
    return MailSubscription.objects.create(tenant=tenant, address=address, **facts | values)


def finding(tenant: PartnerTenant, who: str, cause: str, *, days_ago: int = 0, **values: Any) -> Finding:
    """Why somebody worked without MFA, in the portal unless told otherwise."""
    at = noon(days_ago)
    facts = {"channel": Channel.PORTAL, "user_name": who, "without": 1, "found_at": at}
    clears = today() - timedelta(days=days_ago - 7)
    return Finding.objects.create(
        tenant=tenant, user_id=who, cause=cause, last_without_mfa_at=at, clears_on=clears, **facts | values
    )
