"""What the logs hold before a watch looks at them, and alerts that are there already."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from accounts.audit import AccountsAction
from accounts.models import PartnerTenant, PortalSession, User
from activity.models import ApiRequest, AuditRecord
from security.kinds import AlertKind, AlertStatus, Level
from security.models import SecurityAlert

CHROME = "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0"
HOME, AWAY = "198.51.100.0/24", "203.0.113.0/24"
APP = "20000000-0000-4000-8000-000000000001"


def opened(user: User, network: str, user_agent: str, *, at: datetime) -> PortalSession:
    return PortalSession.objects.create(
        key_hash=uuid4().hex,
        user=user,
        issuer=user.issuer,
        created_at=at,
        last_seen_at=at,
        expires_at=at + timedelta(hours=12),
        user_agent=user_agent,
        network=network,
    )


def changed_role(tenant: PartnerTenant, actor: str, *, at: datetime, subject: str = "ann") -> AuditRecord:
    return AuditRecord.objects.create(
        at=at, action=AccountsAction.ROLE_ASSIGNED, actor=actor, tenant_id=tenant.pk, subject=subject,
        detail={"user": subject, "role": "sales-agent"},
    )  # fmt: skip


def called(tenant: PartnerTenant, *, at: datetime, ip: str = "198.51.100.7", **values: object) -> ApiRequest:
    told: dict[str, object] = {
        "user_id": "", "user_name": "", "application_id": APP, "operation": "Get /v{version}/customers",
        "path": "/v1/customers", "status": 200, "code": "", "mfa": True, "request_id": "r", "correlation_id": "c",
        "claims": "{}",
    }  # fmt: skip
    return ApiRequest.objects.create(tenant_id=tenant.pk, at=at, ip=ip, **(told | values))


def make_alert(tenant: PartnerTenant, **values: object) -> SecurityAlert:
    """An unusual sign-in of Ann, detected now and untouched."""
    now = timezone.now()
    told: dict[str, object] = {
        "kind": AlertKind.UNUSUAL_SIGN_IN, "condition": f"ann {uuid4()}", "severity": Level.HIGH,
        "confidence": Level.MEDIUM, "status": AlertStatus.ACTIVE, "first_observed_at": now, "last_observed_at": now,
        "observations": 1, "detected_at": now, "affected_resources": ["ann@contoso.example"],
        "details": {"person": "ann", "name": "ann@contoso.example", "network": AWAY, "device": "Firefox, Linux"},
        "search_text": "ann@contoso.example 203.0.113.0/24",
    }  # fmt: skip
    return SecurityAlert.objects.create(tenant=tenant, **(told | values))
