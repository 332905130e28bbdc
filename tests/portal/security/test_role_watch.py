"""From what the logs hold of roles to alerts: one actor, one run, each role (M6)."""

from datetime import datetime

from accounts.audit import AccountsAction
from accounts.models import PartnerTenant, User
from activity.models import AuditRecord
from security.alerts.role_changes import watch_role_changes
from security.models import SecurityAlert
from tests.portal.security.alerted import LATER, MINUTE, SECOND, told
from tests.portal.security.logs import changed_role


def test_five_role_changes_of_one_actor_are_told_and_a_bulk_run_is_one_alert(
    contoso: PartnerTenant, alejandra: User, start: datetime
) -> None:
    for number in range(30):  # for half an hour, read every five minutes
        changed_role(contoso, alejandra.oid, at=start + number * MINUTE, subject=f"person{number}")
        if number % 5 == 4:
            watch_role_changes(start + number * MINUTE + LATER)
    alert = SecurityAlert.objects.get()
    assert (alert.kind, alert.observations, alert.severity) == ("mass-role-change", 30, "high")
    assert alert.details["name"] == "alejandra@contoso.example"
    assert alert.affected_resources == [f"person{number}" for number in range(5)]


def test_role_changes_of_two_actors_or_two_tenants_are_not_added_up(
    contoso: PartnerTenant, fabrikam: PartnerTenant, start: datetime
) -> None:
    for number in range(4):
        for tenant, actor in ((contoso, "ann"), (contoso, "ben"), (fabrikam, "ann")):
            changed_role(tenant, actor, at=start + number * SECOND)
    watch_role_changes(start + MINUTE)
    assert told() == []


def test_each_role_of_a_change_at_the_provider_counts(contoso: PartnerTenant, start: datetime) -> None:
    for number in range(2):
        AuditRecord.objects.create(
            at=start + number * SECOND, action=AccountsAction.ROLES_CHANGED, actor="provider", tenant_id=contoso.pk,
            subject=f"p{number}", detail={"before": ["sales-agent"], "after": ["admin-agent", "global-admin"]},
        )  # fmt: skip
    watch_role_changes(start + MINUTE)
    assert told() == [("mass-role-change", 6)]


def test_a_later_run_is_an_alert_of_its_own(contoso: PartnerTenant, start: datetime) -> None:
    for begin in (0, 30):
        for number in range(5):
            changed_role(contoso, "ann", at=start + (begin + number) * MINUTE)
    watch_role_changes(start + 50 * MINUTE)
    for number in range(5):  # read in another turn than the ones before
        changed_role(contoso, "ann", at=start + 51 * MINUTE + number * SECOND)
    watch_role_changes(start + 55 * MINUTE)
    assert [kind for kind, _times in told()] == ["mass-role-change", "mass-role-change"]


def test_the_watched_role_changes_are_a_setting(contoso: PartnerTenant, start: datetime, settings: object) -> None:
    settings.ALERT_ROLE_CHANGES = 2  # type: ignore[attr-defined]
    for number in range(2):
        changed_role(contoso, "ann", at=start + number * SECOND)
    watch_role_changes(start + MINUTE)
    assert told() == [("mass-role-change", 2)]
