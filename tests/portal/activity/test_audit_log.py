"""The audit log takes records and gives none up."""

import pytest
from django.db import DatabaseError, transaction

from activity.actions import AuditAction
from activity.models import AuditIsAppendOnly, AuditRecord
from activity.services import record_audit

pytestmark = pytest.mark.django_db


class Doing(AuditAction):
    INVOICE_PAID = "invoice.paid"


@pytest.fixture
def record() -> AuditRecord:
    return record_audit(
        action=Doing.INVOICE_PAID, actor="john", tenant_id=None, subject="G000123", detail={"by": "card"}
    )


def test_a_record_says_who_did_what_to_what(record: AuditRecord) -> None:
    stored = AuditRecord.objects.get()
    assert (stored.action, stored.actor, stored.subject) == ("invoice.paid", "john", "G000123")
    assert stored.detail == {"by": "card"}
    assert stored.at is not None


def test_records_are_neither_changed_nor_deleted_by_query(record: AuditRecord) -> None:
    with pytest.raises(AuditIsAppendOnly):
        AuditRecord.objects.update(actor="somebody else")
    with pytest.raises(AuditIsAppendOnly):
        AuditRecord.objects.all().delete()


def test_a_stored_record_is_not_changed_by_saving_it(record: AuditRecord) -> None:
    record.actor = "somebody else"
    with pytest.raises(DatabaseError), transaction.atomic():
        record.save()
    assert AuditRecord.objects.get().actor == "john"
