"""The verbs of the stream: tell of something, settle what arrived, add a receiver."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from activity.actions import AuditAction
from activity.services import record_audit
from entra.events.kinds import EventType
from entra.events.models import OutgoingEvent, Stream
from entra.events.push import push_soon

_SETTLED_FOR = timedelta(days=1)
KEPT_FOR = timedelta(days=30)
"""How long an event waits for its receiver; receivers refuse older ones, so they need not remember for ever."""


class StreamAction(AuditAction):
    ADDED = "event-stream.added"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an event is about, by value: an account in a tenant, one of its sessions, or what an application may do
    there for it (for everybody without an account); and what became of them."""

    tenant_id: UUID
    account_id: UUID | None
    session_id: UUID | None = None
    application_id: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def announce(event: EventType, subjects: Iterable[Subject]) -> None:
    """Put an event for each subject into every stream's outbox; they leave as soon as the transaction is kept.

    Must be called in the transaction of the change it tells of. Raises TransactionManagementError outside of one.
    """
    if not transaction.get_connection().in_atomic_block:
        message = "An event is written in the transaction of its change."
        raise TransactionManagementError(message)
    now = timezone.now()
    told = list(subjects)
    made = OutgoingEvent.objects.bulk_create(
        OutgoingEvent(
            stream=stream,
            type=event,
            tenant_id=subject.tenant_id,
            account_id=subject.account_id,
            session_id=subject.session_id,
            application_id=subject.application_id,
            facts=dict(subject.facts),
            created_at=now,
        )
        for stream in Stream.objects.all()
        for subject in told
    )
    if made:
        transaction.on_commit(push_soon, robust=True)


def acknowledge(stream: Stream, *, jtis: Collection[UUID], refusals: Mapping[UUID, str]) -> None:
    """The receiver has these events, and refuses those; none of them is sent again (RFC 8936 section 2.4)."""
    now = timezone.now()
    waiting = OutgoingEvent.objects.filter(stream=stream, settled_at=None)
    if jtis:
        waiting.filter(jti__in=jtis).update(settled_at=now)
    for jti, reason in refusals.items():
        waiting.filter(jti=jti).update(settled_at=now, refusal=reason[:200])


@transaction.atomic
def add_stream(*, audience: UUID, endpoint: str, secret: str, actor: str) -> Stream:
    """Create a receiver or change it; a repeated call with the same values changes nothing."""
    digest = secret_digest(secret)
    stream, created = Stream.objects.get_or_create(
        audience=audience, defaults={"endpoint": endpoint, "secret_digest": digest}
    )
    if created or (stream.endpoint, stream.secret_digest) != (endpoint, digest):
        stream.endpoint, stream.secret_digest = endpoint, digest
        stream.save(update_fields=["endpoint", "secret_digest"])
        detail = {"endpoint": endpoint, "new": created}
        record_audit(action=StreamAction.ADDED, actor=actor, tenant_id=None, subject=str(audience), detail=detail)
    return stream


def find_stream(audience: UUID, secret: str) -> Stream | None:
    """The stream that this secret authorizes, else None. Compared in constant time, also where there is no stream."""
    stream = Stream.objects.filter(audience=audience).first()
    known = stream.secret_digest if stream else ""
    return stream if hmac.compare_digest(known, secret_digest(secret)) else None


def secret_digest(secret: str) -> str:
    """Secrets are long and random, so a fast keyed hash will do; the key is not in the database."""
    return hmac.new(settings.SECRET_KEY.encode(), b"event-stream:" + secret.encode(), hashlib.sha256).hexdigest()


def forgotten() -> models.QuerySet[OutgoingEvent]:
    """Events that were settled a day ago, and those whose receiver stayed away for too long."""
    now = timezone.now()
    settled = models.Q(settled_at__lt=now - _SETTLED_FOR)
    return OutgoingEvent.objects.filter(settled | models.Q(created_at__lt=now - KEPT_FOR))
