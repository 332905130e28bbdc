"""`manage.py age`: another day without waiting for it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from accounts.models import PartnerTenant
from activity import rollups
from activity.actions import AuditAction
from activity.models import AuditRecord, Channel, DailyTotal, OperationRecord
from activity.retention import make_room
from activity.sealing import seal_due
from activity.services import record_audit
from activity.writer import insert
from security.models import StatusSnapshot
from tests.portal.activity.chaining import verified
from tests.portal.activity.entries import CONTOSO, Done, counted_totals, counted_uses, kept_totals, kept_uses
from tests.portal.security.factory import snapshot

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Doing(AuditAction):
    TESTED = "tested"


def test_stored_times_move_back_by_the_days_asked_for() -> None:
    who = {"tenant_id": UUID(int=1), "user_id": "j", "user_name": "j"}
    OperationRecord.objects.create(at=NOON, area="help", path="/", mfa=False, **who)
    call_command("age", "3")
    assert OperationRecord.objects.get().at == datetime(2026, 3, 7, 12, tzinfo=UTC)


@pytest.mark.requirement("Q10")
@pytest.mark.parametrize(("days", "operations_in_window"), [(1, 3), (6, 2), (7, 0), (8, 0)])
def test_the_rollups_go_with_the_operations(days: int, operations_in_window: int) -> None:
    make_room()  # on PostgreSQL rows move from one partition to another
    now = datetime.now(UTC)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    moments = [today, today, today - timedelta(microseconds=1)]
    insert([Done(at, mfa=number == 0).entry() for number, at in enumerate(moments)])
    call_command("age", str(days))
    moved = [Done(at - timedelta(days=days), mfa=number == 0) for number, at in enumerate(moments)]
    assert kept_uses() == counted_uses(moved)
    assert kept_totals() == counted_totals(moved)
    assert DailyTotal.objects.latest("day").day == (today - timedelta(days=days)).date()
    assert rollups.differences() == []
    assert rollups.shares(CONTOSO, now=now)[Channel.PORTAL].operations == operations_in_window


@pytest.mark.parametrize("stored", [(0, 1, 2), (2, 1, 0)])
def test_rows_of_one_a_day_move_in_whatever_order_they_are_stored(
    contoso: PartnerTenant, stored: tuple[int, ...]
) -> None:
    today = datetime.now(UTC).date()
    for days_ago in stored:
        snapshot(contoso, days_ago=days_ago)
    call_command("age", "1")
    moved = StatusSnapshot.objects.order_by("-day").values_list("day", flat=True)
    assert list(moved) == [today - timedelta(days=number) for number in (1, 2, 3)]


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
