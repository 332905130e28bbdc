"""When a snapshot is taken: daily for every partner, and when somebody asks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import PartnerTenant
from activity.models import AuditRecord
from security import services
from security.models import StatusSnapshot
from security.services import Outcome, Refreshed, due, refresh, take_due, take_snapshot
from tests.portal.conftest import make_tenant
from tests.portal.security.tenant import NOW, FakeTenant

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.requirement("Q1")
def test_a_snapshot_is_due_once_a_day_for_every_partner(tenant: FakeTenant, db: None) -> None:
    programs = ["csp-direct", "csp-indirect-provider", "csp-indirect-reseller", "cpv", "advisor"]
    partners = [make_tenant(number, name, name) for number, name in enumerate(programs, start=1)]
    make_tenant(9, "platform", "operator")
    with time_machine.travel(NOW, tick=False):
        assert take_due() == 5
        assert take_due() == 0
    assert sorted(StatusSnapshot.objects.values_list("tenant", flat=True)) == [one.pk for one in partners]
    assert due(datetime(2026, 11, 30, 23, 59, tzinfo=UTC)) == []
    assert len(list(due(datetime(2026, 12, 1, 0, 0, tzinfo=UTC)))) == 5


def test_a_tenant_whose_directory_was_not_read_is_tried_again_after_an_hour(
    tenant: FakeTenant, contoso: PartnerTenant
) -> None:
    tenant.refused = {"/users$": (503, "")}
    with time_machine.travel(NOW, tick=False):
        take_due()
    tenant.refused = {}
    assert due(NOW + 59 * MINUTE) == []
    assert due(NOW + HOUR) == [contoso]
    with time_machine.travel(NOW + HOUR, tick=False):
        assert take_due() == 1
    assert due(NOW + 2 * HOUR) == []


def test_a_tenant_that_failed_late_in_the_evening_is_not_tried_at_once_on_the_next_day(
    tenant: FakeTenant, contoso: PartnerTenant
) -> None:
    tenant.refused = {"/users$": (503, "")}
    take_snapshot(contoso, datetime(2026, 11, 30, 23, 55, tzinfo=UTC))
    assert due(datetime(2026, 12, 1, 0, 5, tzinfo=UTC)) == []
    assert due(datetime(2026, 12, 1, 0, 55, tzinfo=UTC)) == [contoso]


def test_one_tenants_failure_keeps_no_other_waiting(
    tenant: FakeTenant, contoso: PartnerTenant, fabrikam: PartnerTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = services.graph_as_application

    def of_fabrikam_alone(tenant_id: Any) -> Any:
        if tenant_id == contoso.pk:
            raise RuntimeError("a fault of ours")
        return read(tenant_id)

    monkeypatch.setattr(services, "graph_as_application", of_fabrikam_alone)
    with pytest.raises(ExceptionGroup, match="1 failed, 1 done"):
        take_due()
    assert StatusSnapshot.objects.get().tenant == fabrikam


def test_a_turn_of_the_loop_takes_what_is_due(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    call_command("loop", "--once")
    assert StatusSnapshot.objects.get().tenant == contoso


def test_somebody_may_ask_for_a_snapshot_which_is_audited(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    tenant.add(1, "ann")
    with time_machine.travel(NOW, tick=False):
        found = refresh(tenant=contoso, actor="alejandra@contoso.example")
    assert found == Refreshed(Outcome.TAKEN, NOW + MINUTE)
    assert StatusSnapshot.objects.get().enabled_accounts == 1
    record = AuditRecord.objects.get()
    assert (record.action, record.actor) == ("security.status-refreshed", "alejandra@contoso.example")
    assert (record.tenant_id, record.subject) == (contoso.pk, "Contoso")


def test_who_asks_is_told_when_the_directory_was_not_read(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    tenant.refused = {"/users$": (503, "")}
    assert refresh(tenant=contoso, actor="alejandra").outcome is Outcome.UNREAD


def test_a_second_wish_within_a_minute_is_told_when(
    tenant: FakeTenant, contoso: PartnerTenant, fabrikam: PartnerTenant
) -> None:
    with time_machine.travel(NOW, tick=False):
        refresh(tenant=contoso, actor="alejandra")
    asked = len(tenant.asked)
    with time_machine.travel(NOW + timedelta(seconds=59), tick=False):
        assert refresh(tenant=contoso, actor="grace") == Refreshed(Outcome.TOO_SOON, NOW + MINUTE)
        assert len(tenant.asked) == asked
        assert refresh(tenant=fabrikam, actor="john").outcome is Outcome.TAKEN
    with time_machine.travel(NOW + MINUTE, tick=False):
        assert refresh(tenant=contoso, actor="grace") == Refreshed(Outcome.TAKEN, NOW + 2 * MINUTE)
    assert AuditRecord.objects.of_tenant(contoso.pk).count() == 2


def test_the_daily_snapshot_does_not_keep_anybody_from_asking(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    with time_machine.travel(NOW, tick=False):
        take_due()
        assert refresh(tenant=contoso, actor="alejandra").outcome is Outcome.TAKEN
