"""Faults injected into the API on purpose, so that developers see their client meet them (the demo alone).

Rows of the database, so that every process of the service knows them. Whether a tenant has any is told by the query
that identifies the caller; only then the rows are read, and the one that fits is counted by an atomic update.
"""

import secrets
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from accounts.oidc.jwts import Rejection
from accounts.roles import Role
from activity.services import record_audit
from api.audit import ApiAction
from api.caller import Caller, refused
from api.faults import Code, Fault
from api.models import FaultKind, InjectedFault
from api.refusal import mfa_required
from api.registry import Operation

HEADER = "X-Injected-Fault"
MARK = "injected"
"""Before the code in the log of calls."""
LONGEST = timedelta(hours=1)
LATEST_MILLISECONDS = 10_000
ADMINISTRATORS = frozenset({Role.ADMIN_AGENT, Role.GLOBAL_ADMIN})
"""Whose faults may hit the calls of others."""
_MOST_WAITING = 2
_waiting = threading.BoundedSemaphore(_MOST_WAITING)
"""So many calls a process lets wait at a time; the next ones come at once, and others are still answered."""


class Exchange(Protocol):
    injected: str


def inject(operation: Operation, caller: Caller, exchange: Exchange) -> None:
    """Let the call meet the fault that is in effect for it, if any, and say so in the exchange. Raises Fault."""
    if not (settings.DEMO and _is_marked(caller)):
        return
    fault = _drawn(operation, caller)
    if fault is None:
        return
    exchange.injected = fault.kind
    if fault.kind == FaultKind.LATENCY:
        _wait(fault.milliseconds)
    else:
        raise _ANSWERS[FaultKind(fault.kind)](fault, caller)


def start_fault(*, actor: User, fault: InjectedFault, minutes: int) -> InjectedFault:
    """Put it into effect in the actor's tenant, for an hour at most. Who is no administrator hits only themselves."""
    fault.tenant_id = actor.tenant_id
    fault.started_by, fault.started_by_name = _key(actor), actor.user_principal_name
    if not ADMINISTRATORS & actor.roles:
        fault.user_id = _key(actor)
    fault.at = timezone.now()
    fault.until = fault.at + min(timedelta(minutes=minutes), LONGEST)
    fault.milliseconds = min(fault.milliseconds, LATEST_MILLISECONDS)
    with transaction.atomic():
        fault.save(force_insert=True)
        _record(ApiAction.FAULTS_STARTED, actor, fault)
    return fault


@transaction.atomic
def end_fault(*, actor: User, pk: UUID) -> None:
    """End it now. Raises InjectedFault.DoesNotExist, also for what is not the actor's to end."""
    fault = InjectedFault.objects.of_tenant(actor.tenant_id).select_for_update().get(pk=pk)
    if not may_end(actor, fault):
        raise InjectedFault.DoesNotExist
    fault.delete()
    fault.pk = pk
    _record(ApiAction.FAULTS_ENDED, actor, fault)


def may_end(actor: User, fault: InjectedFault) -> bool:
    return bool(ADMINISTRATORS & actor.roles) or fault.started_by == _key(actor)


def _is_marked(caller: Caller) -> bool:
    return any(getattr(row, "faulted", False) for row in (caller.user, caller.tenant))


def _drawn(operation: Operation, caller: Caller) -> InjectedFault | None:
    """The oldest fault that hits this call, counted. Of simultaneous calls no more are hit than it is for."""
    user, now = caller.user, timezone.now()
    rows = (
        InjectedFault.objects.of_tenant(caller.tenant_id)
        .in_effect(now)
        .filter(
            Q(application_id="") | Q(application_id=caller.token.application_id),
            Q(user_id="") | Q(user_id=_key(user)) if user else Q(user_id=""),
            Q(operation="") | Q(operation=operation.name),
        )
    )
    for fault in rows.order_by("at"):
        if secrets.randbelow(100) >= fault.percent:
            continue
        if InjectedFault.objects.in_effect(now).filter(pk=fault.pk).update(injected=F("injected") + 1):
            return fault
    return None


def _key(user: User) -> str:
    return user.oid or user.subject


def _wait(milliseconds: int) -> None:
    if _waiting.acquire(blocking=False):
        try:
            time.sleep(min(milliseconds, LATEST_MILLISECONDS) / 1000)
        finally:
            _waiting.release()


def _throttled(fault: InjectedFault, _caller: Caller) -> Fault:
    return Fault(
        HTTPStatus.TOO_MANY_REQUESTS,
        Code.TOO_MANY_CALLS,
        f"Too many calls. Wait {fault.seconds} seconds.",
        headers={"Retry-After": str(fault.seconds)},
    )


def _error(_fault: InjectedFault, _caller: Caller) -> Fault:
    return Fault(HTTPStatus.INTERNAL_SERVER_ERROR, Code.UNEXPECTED, "Something went wrong here.")


def _unavailable(fault: InjectedFault, _caller: Caller) -> Fault:
    return Fault(
        HTTPStatus.SERVICE_UNAVAILABLE,
        Code.DIRECTORY_UNREACHABLE,
        "The service cannot answer now. Try again in a moment.",
        headers={"Retry-After": str(fault.seconds)},
    )


_ANSWERS: dict[FaultKind, Callable[[InjectedFault, Caller], Fault]] = {
    FaultKind.MFA_REQUIRED: lambda _fault, caller: mfa_required(caller),
    FaultKind.EXPIRED: lambda _fault, _caller: refused(Rejection.EXPIRED),
    FaultKind.THROTTLED: _throttled,
    FaultKind.ERROR: _error,
    FaultKind.UNAVAILABLE: _unavailable,
}


def _record(action: ApiAction, actor: User, fault: InjectedFault) -> None:
    record_audit(
        action=action,
        actor=actor.user_principal_name,
        tenant_id=fault.tenant_id,
        subject=str(fault.pk),
        detail={
            "kind": fault.kind,
            "application": fault.application_id,
            "person": fault.user_id,
            "operation": fault.operation,
            "until": fault.until.isoformat(),
            "injected": fault.injected,
        },
    )
