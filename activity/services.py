"""The verb of the audit log."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any
from uuid import UUID

from activity.models import AuditRecord

_request: ContextVar[str] = ContextVar("request", default="")


@contextmanager
def audited_as(request_id: str) -> Iterator[None]:
    """What is recorded inside belongs to this request, unless it names another."""
    token = _request.set(request_id)
    try:
        yield
    finally:
        _request.reset(token)


def record_audit(
    *,
    action: StrEnum,
    actor: str,
    tenant_id: UUID | None,
    subject: str,
    detail: Mapping[str, Any] | None = None,
    request_id: str = "",
) -> AuditRecord:
    """Append one record. Call it inside the transaction of the act: both are kept or neither.

    `detail` is JSON, without secrets: it is read by people of the tenant and never deleted.
    """
    return AuditRecord.objects.create(
        action=action.value,
        actor=actor,
        tenant_id=tenant_id,
        subject=subject,
        detail=dict(detail or {}),
        request_id=request_id or _request.get(),
    )
