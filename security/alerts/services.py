"""The verbs of the security workspace: what people do about an alert, and forgetting places."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.actors import Actor
from activity.services import record_audit
from security.audit import SecurityAction
from security.kinds import AlertStatus, ResolvedReason
from security.models import AlertNote, KnownPlace, SecurityAlert


class ChangedMeanwhile(Exception):
    """Somebody acted upon the alert after the page was read; nothing was written."""


@transaction.atomic
def take_up(*, user: Actor, alert: SecurityAlert, version: int) -> None:
    """Start investigating. Raises ChangedMeanwhile."""
    values = {"status": AlertStatus.INVESTIGATING, "assigned_to": _name(user)}
    _change(user, alert, version, {AlertStatus.ACTIVE}, values)
    _audit(SecurityAction.ALERT_TAKEN_UP, user, alert)


@transaction.atomic
def resolve(*, user: Actor, alert: SecurityAlert, version: int, reason: ResolvedReason, note: str = "") -> None:
    """Settle it. Places it is about are known from now on, unless it was fraud. Raises ChangedMeanwhile."""
    values = {
        "status": AlertStatus.RESOLVED,
        "resolved_reason": reason,
        "resolved_by": _name(user),
        "resolved_at": timezone.now(),
    }
    _change(user, alert, version, {AlertStatus.ACTIVE, AlertStatus.INVESTIGATING}, values)
    if note:
        _write_note(user, alert, note)
    _audit(SecurityAction.ALERT_RESOLVED, user, alert, reason=reason.value, noted=bool(note))


@transaction.atomic
def reopen(*, user: Actor, alert: SecurityAlert, version: int) -> None:
    """Take the judgement back: whoever reopens it investigates. Raises ChangedMeanwhile."""
    values = {
        "status": AlertStatus.INVESTIGATING,
        "assigned_to": _name(user),
        "resolved_reason": "",
        "resolved_by": "",
        "resolved_at": None,
    }
    _change(user, alert, version, {AlertStatus.RESOLVED}, values)
    _audit(SecurityAction.ALERT_REOPENED, user, alert)


@transaction.atomic
def add_note(*, user: Actor, alert: SecurityAlert, text: str) -> AlertNote:
    """Notes stand beside each other, so nothing can have changed meanwhile that matters. Sent twice, it is one note."""
    SecurityAlert.objects.visible_to(user).select_for_update(no_key=True).get(pk=alert.pk)
    last = alert.notes.last()
    if last is not None and (last.text, last.created_by_name) == (text, _name(user)):
        return last
    note = _write_note(user, alert, text)
    _audit(SecurityAction.ALERT_NOTED, user, alert)
    return note


def forget_places(now: datetime) -> int:
    """Remove where nobody was seen for as long as places are known, except what an open alert is about; returns how
    many."""
    unseen = KnownPlace.objects.unseen_since(now - timedelta(days=settings.ALERT_HISTORY_DAYS))
    removed, _by_model = unseen.filter(Q(alert=None) | Q(alert__status=AlertStatus.RESOLVED)).delete()
    return removed


def _change(
    user: Actor, alert: SecurityAlert, version: int, expected: set[AlertStatus], values: dict[str, Any]
) -> None:
    """Write only over what the person has seen: one statement, so two people cannot both succeed."""
    rows = SecurityAlert.objects.visible_to(user).filter(pk=alert.pk, version=version, status__in=expected)
    first_act = Coalesce("acted_at", timezone.now())
    if not rows.update(version=F("version") + 1, acted_at=first_act, **values):
        raise ChangedMeanwhile


def _write_note(user: Actor, alert: SecurityAlert, text: str) -> AlertNote:
    now = timezone.now()
    return AlertNote.objects.create(alert=alert, text=text, created_by_name=_name(user), created_at=now)


def _name(user: Actor) -> str:
    return user.user_principal_name or user.display_name


def _audit(action: SecurityAction, user: Actor, alert: SecurityAlert, **detail: object) -> None:
    record_audit(
        action=action,
        actor=_name(user),
        tenant_id=user.tenant_id,
        subject=f"{alert.kind} {alert.condition}"[:255],
        detail={"alert": str(alert.pk), **detail},
    )
