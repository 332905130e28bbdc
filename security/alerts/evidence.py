"""What an alert rests on, read from the logs again, with ways to the person, the application and the calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from accounts.audit import AccountsAction
from accounts.models import User
from accounts.roles import Role
from activity.models import NO_MFA, ApiRequest, AuditRecord
from security.alerts.role_changes import role_changes
from security.kinds import AlertKind
from security.models import KnownPlace, SecurityAlert
from security.people import person_by_key

_SHOWN = 20
# The log of calls shows these two everybody's; to others it shows their own alone.
_SEE_CALLS = frozenset({Role.ADMIN_AGENT, Role.GLOBAL_ADMIN})


@dataclass(frozen=True, slots=True)
class RoleChange:
    """One record of the audit log, and the names of the roles it granted and took away."""

    record: AuditRecord
    granted: Sequence[str]
    taken: Sequence[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Addresses are empty where the viewer could not open the page."""

    person: User | None
    person_url: str
    application: str
    calls_url: str
    call_url: str
    correlation_id: str
    places: Sequence[KnownPlace]
    changes: Sequence[RoleChange]
    calls: Sequence[ApiRequest]


def evidence_of(alert: SecurityAlert, viewer: User, *, held: frozenset[str]) -> Evidence:
    """`held`: the keys of the areas whose role the viewer holds."""
    details = alert.details
    person = person_by_key(alert.tenant_id, details.get("person", ""))
    opens_calls = bool(_SEE_CALLS & viewer.roles)
    application, call = details.get("application", ""), details.get("call", "")
    asked = application or (details.get("name", "") if alert.kind == AlertKind.MFA_REFUSALS else "")
    return Evidence(
        person=person,
        person_url=reverse("users:detail", args=[person.oid]) if person and person.oid and "users" in held else "",
        application=application,
        calls_url=f"{reverse('api:calls')}?{urlencode({'q': asked})}" if asked and opens_calls else "",
        call_url=reverse("api:call", args=[call]) if call and opens_calls else "",
        correlation_id=details.get("correlation_id", ""),
        places=list(alert.places.all()[:_SHOWN]),
        changes=[_change(record) for record in _changes(alert)[:_SHOWN]]
        if alert.kind == AlertKind.MASS_ROLE_CHANGE
        else [],
        calls=list(_refused(alert)[:_SHOWN]) if alert.kind == AlertKind.MFA_REFUSALS else [],
    )


def _changes(alert: SecurityAlert) -> QuerySet[AuditRecord]:
    seen = (alert.first_observed_at, alert.last_observed_at)
    return (
        role_changes().filter(tenant_id=alert.tenant_id, actor=alert.condition, at__range=seen).order_by("-at", "-pk")
    )


def _change(record: AuditRecord) -> RoleChange:
    if record.action == AccountsAction.ROLES_CHANGED:
        before, after = set(record.detail.get("before", [])), set(record.detail.get("after", []))
        return RoleChange(record, _names(after - before), _names(before - after))
    names = _names({record.detail.get("role", "")})
    granted = record.action == AccountsAction.ROLE_ASSIGNED
    return RoleChange(record, names if granted else (), () if granted else names)


def _names(roles: set[str]) -> Sequence[str]:
    return [str(role.label) for role in Role if role.value in roles]


def _refused(alert: SecurityAlert) -> QuerySet[ApiRequest]:
    seen = (alert.first_observed_at, alert.last_observed_at)
    rows = ApiRequest.objects.filter(tenant_id=alert.tenant_id, code=NO_MFA, at__range=seen)
    field = "application_id" if "application" in alert.details else "user_id"
    return rows.filter(**{field: alert.condition}).order_by("-at")
