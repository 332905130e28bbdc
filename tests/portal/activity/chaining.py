"""Moves of the tests of the chain: recording, verifying, and writing to the database as a thief of its password can."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import connection, transaction

from activity.actions import AuditAction
from activity.models import AuditRecord, AuditSeal
from activity.services import record_audit

TENANT = UUID("c0000000-0000-4000-8000-000000000001")


class Doing(AuditAction):
    INVOICE_PAID = "invoice.paid"


def record(subject: str) -> AuditRecord:
    return record_audit(action=Doing.INVOICE_PAID, actor="john", tenant_id=TENANT, subject=subject)


def record_as(record_id: int, subject: str) -> AuditRecord:
    """A record with this id, as if other transactions had taken the ids before."""
    return AuditRecord.objects.create(
        id=record_id,
        action=Doing.INVOICE_PAID.value,
        actor="john",
        tenant_id=TENANT,
        subject=subject,
        detail={"by": "card"},
        request_id="r-1",
    )


def verified(*arguments: str) -> list[str]:
    """What `manage.py verify_audit` prints, line by line. Raises CommandError where it ends with 1."""
    printed = StringIO()
    call_command("verify_audit", *arguments, stdout=printed)
    return printed.getvalue().splitlines()


def head() -> str:
    return str(AuditSeal.objects.order_by("sequence").last())


@contextmanager
def thief() -> Iterator[Any]:
    """A cursor that no trigger and no foreign key stands against; what it did is undone at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER audit_is_append_only")
            cursor.execute("DROP TRIGGER seals_are_append_only")
        yield cursor
        transaction.set_rollback(True)
