"""`manage.py age`: another day without waiting for it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from activity.actions import AuditAction
from activity.models import AuditRecord, OperationRecord
from activity.sealing import seal_due
from activity.services import record_audit
from tests.portal.activity.chaining import verified

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Doing(AuditAction):
    TESTED = "tested"


def test_stored_times_move_back_by_the_days_asked_for() -> None:
    who = {"tenant_id": UUID(int=1), "user_id": "j", "user_name": "j"}
    OperationRecord.objects.create(at=NOON, area="help", path="/", mfa=False, **who)
    call_command("age", "3")
    assert OperationRecord.objects.get().at == datetime(2026, 3, 7, 12, tzinfo=UTC)


def test_the_audit_log_keeps_its_times() -> None:
    at = record_audit(action=Doing.TESTED, actor="j", tenant_id=None, subject="s").at
    seal_due()
    call_command("age", "3")
    assert abs(AuditRecord.objects.get().at - at) < timedelta(seconds=1)
    assert verified()[0] == "Sealed: 1"


def test_only_demo_data_ages(settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("age", "1")
