"""A snapshot of a tenant's security requirements: what is kept of its directory and of its operations."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from accounts.models import Cloud, PartnerTenant
from activity.models import AuditRecord, Channel, DailyTotal
from security import services
from security.models import AccountStatus, StatusSnapshot
from security.problems import problem_text
from security.services import Outcome, Refreshed, refresh, take_due, take_snapshot
from tests.portal.security.tenant import NOW, FakeTenant, account_id

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UNREACHABLE = "http://127.0.0.1:9"


def figures(snapshot: StatusSnapshot | None) -> tuple[int | None, int | None]:
    assert snapshot is not None
    return snapshot.enforced_accounts, snapshot.enabled_accounts


@pytest.mark.requirement("Q2")
def test_of_110_accounts_10_are_disabled_and_90_of_the_rest_enforced(
    tenant: FakeTenant, contoso: PartnerTenant
) -> None:
    for number in range(110):
        key = tenant.add(number, f"person{number}", accountEnabled=number >= 10)
        if number < 100:  # the disabled ones too
            tenant.per_user[key] = "enforced"
    snapshot = take_snapshot(contoso, NOW)
    assert figures(snapshot) == (90, 100)
    assert (snapshot.day, snapshot.taken_at, snapshot.problem) == (date(2026, 11, 30), NOW, "")


def test_a_tenant_without_enabled_accounts_has_none_enforced(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    assert figures(take_snapshot(contoso, NOW)) == (0, 0)


@pytest.mark.requirement("Q9")
def test_each_account_is_kept_with_what_was_found(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    tenant.registered = {tenant.add(1, "ann")}
    tenant.add(2, "gus_x#ext#", userType="Guest")
    tenant.add(3, "cem", accountEnabled=False)
    tenant.add_policy("MFA for staff", users={"includeUsers": ["All"], "excludeUsers": ["GuestsOrExternalUsers"]})
    assert figures(take_snapshot(contoso, NOW)) == (1, 2)
    columns = ("display_name", "user_principal_name", "guest", "enabled", "registered", "enforced_by", "obstacle")
    assert list(AccountStatus.objects.filter(tenant=contoso).order_by("user_id").values_list(*columns)) == [
        ("Ann", "ann@contoso.example", False, True, True, "conditional-access", ""),
        ("Gus_x#ext#", "gus_x#ext#@contoso.example", True, True, False, "", "excluded"),
        ("Cem", "cem@contoso.example", False, False, False, "conditional-access", ""),
    ]
    assert set(AccountStatus.objects.values_list("policy", "assessed_at")) == {("MFA for staff", NOW)}


def test_the_next_snapshot_replaces_accounts_and_drops_those_that_are_gone(
    tenant: FakeTenant, contoso: PartnerTenant, fabrikam: PartnerTenant
) -> None:
    tenant.per_user = {tenant.add(1, "ann"): "enabled"}
    tenant.add(2, "bob")
    take_snapshot(fabrikam, NOW)
    take_snapshot(contoso, NOW)
    tenant.per_user = {account_id(3): "enabled"}
    del tenant.users[1]
    tenant.add(3, "cem")
    take_snapshot(contoso, NOW + MINUTE)
    kept = AccountStatus.objects.filter(tenant=contoso).order_by("user_id")
    assert list(kept.values_list("user_principal_name", "enforced_by", "obstacle")) == [
        ("ann@contoso.example", "", "nothing"),
        ("cem@contoso.example", "per-user", ""),
    ]
    assert AccountStatus.objects.filter(tenant=fabrikam).count() == 2


def test_somebody_who_moved_to_a_later_page_meanwhile_counts_once(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    tenant.add(1, "ann")
    tenant.users.append(tenant.users[0])
    assert figures(take_snapshot(contoso, NOW)) == (0, 1)
    assert AccountStatus.objects.count() == 1


def test_the_last_snapshot_of_a_day_stays(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    take_snapshot(contoso, NOW - DAY)
    take_snapshot(contoso, NOW)
    tenant.add(1, "ann")
    take_snapshot(contoso, NOW + HOUR)
    found = StatusSnapshot.objects.order_by("day").values_list("day", "taken_at", "enabled_accounts")
    assert list(found) == [
        (date(2026, 11, 29), NOW - DAY, 0),
        (date(2026, 11, 30), NOW + HOUR, 1),
    ]


def test_a_day_begins_at_midnight_utc(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    late = datetime.fromisoformat("2026-12-01T08:30:00+09:00")
    snapshot = take_snapshot(contoso, late)
    assert snapshot is not None
    assert snapshot.day == date(2026, 11, 30)


@pytest.mark.requirement("Q3", "Q4")
def test_the_shares_of_the_window_are_kept_with_it(
    tenant: FakeTenant, contoso: PartnerTenant, fabrikam: PartnerTenant
) -> None:
    def total(of: PartnerTenant, day: date, channel: Channel, operations: int, with_mfa: int) -> None:
        DailyTotal.objects.create(tenant_id=of.pk, day=day, channel=channel, operations=operations, with_mfa=with_mfa)

    total(contoso, date(2026, 11, 24), Channel.PORTAL, 8, 0)
    total(contoso, date(2026, 11, 30), Channel.PORTAL, 2, 2)
    total(contoso, date(2026, 11, 23), Channel.PORTAL, 99, 99)
    total(contoso, date(2026, 11, 26), Channel.APP_AND_USER, 5, 2)
    total(contoso, date(2026, 11, 26), Channel.APP_ONLY, 5, 0)
    total(fabrikam, date(2026, 11, 26), Channel.PORTAL, 50, 50)
    snapshot = take_snapshot(contoso, NOW)
    assert snapshot is not None
    assert (snapshot.portal_operations, snapshot.portal_with_mfa) == (10, 2)
    assert (snapshot.api_requests, snapshot.api_with_mfa) == (5, 2)


def break_off(tenant: FakeTenant, settings: Settings) -> None:
    tenant.refused = {"/users$": (503, "")}


def be_unreachable(tenant: FakeTenant, settings: Settings) -> None:
    settings.GRAPH_URL = UNREACHABLE


def refuse(tenant: FakeTenant, settings: Settings) -> None:
    tenant.refused = {"/users$": (403, "Authorization_RequestDenied")}


def be_none(tenant: FakeTenant, settings: Settings) -> None:
    settings.GRAPH_URL = ""


@pytest.mark.requirement("Q2")
@pytest.mark.parametrize(
    ("fail", "problem"),
    [
        (break_off, "unavailable"),
        (be_unreachable, "unavailable"),
        (be_none, "no-directory"),
        (refuse, "403 Authorization_RequestDenied: No: Authorization_RequestDenied"),
    ],
)
def test_a_directory_that_is_not_read_leaves_no_figure_but_its_reason_and_the_accounts_as_they_were(
    tenant: FakeTenant, contoso: PartnerTenant, settings: Settings, fail: Callable[..., None], problem: str
) -> None:
    tenant.add(1, "ann")
    DailyTotal.objects.create(
        tenant_id=contoso.pk, day=date(2026, 11, 30), channel=Channel.PORTAL, operations=4, with_mfa=3
    )
    take_snapshot(contoso, NOW - DAY)
    fail(tenant, settings)
    snapshot = take_snapshot(contoso, NOW)
    assert figures(snapshot) == (None, None)
    assert snapshot.problem == problem
    assert (snapshot.portal_operations, snapshot.portal_with_mfa) == (4, 3)
    assert list(AccountStatus.objects.values_list("assessed_at", flat=True)) == [NOW - DAY]


def test_a_reason_of_any_length_is_kept(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    tenant.refused = {"/users$": (403, "x" * 500)}
    snapshot = take_snapshot(contoso, NOW)
    assert snapshot is not None
    assert len(snapshot.problem) == 200


@pytest.mark.requirement("Q6")
@pytest.mark.parametrize("cloud", [Cloud.US_GOVERNMENT, Cloud.GERMANY])
def test_of_a_sovereign_cloud_no_snapshot_is_taken(tenant: FakeTenant, contoso: PartnerTenant, cloud: Cloud) -> None:
    contoso.cloud = cloud
    contoso.save()
    assert take_snapshot(contoso, NOW) is None
    assert refresh(tenant=contoso, actor="alejandra") == Refreshed(Outcome.NOT_OFFERED)
    take_due()
    assert (StatusSnapshot.objects.count(), AuditRecord.objects.count(), tenant.asked) == (0, 0, [])


@pytest.mark.parametrize("began", [NOW, datetime(2026, 11, 29, 23, 59, 30, tzinfo=UTC)])
def test_of_two_taken_at_once_the_later_one_stays(
    tenant: FakeTenant, contoso: PartnerTenant, monkeypatch: pytest.MonkeyPatch, began: datetime
) -> None:
    """The second one is taken while the first one has read the directory and kept nothing yet, maybe the day after."""
    tenant.add(1, "ann")
    read = services.assessed_accounts

    def read_and_be_overtaken(*args: Any, **kwargs: Any) -> Any:
        found = list(read(*args, **kwargs))
        monkeypatch.setattr(services, "assessed_accounts", read)
        tenant.add(2, "bob")
        take_snapshot(contoso, began + MINUTE)
        return found

    monkeypatch.setattr(services, "assessed_accounts", read_and_be_overtaken)
    assert figures(take_snapshot(contoso, began)) == (0, 2)
    assert StatusSnapshot.objects.get().taken_at == began + MINUTE
    assert AccountStatus.objects.filter(assessed_at=began + MINUTE).count() == 2


def test_keeping_a_snapshot_costs_as_many_statements_for_many_accounts_as_for_few(
    tenant: FakeTenant, contoso: PartnerTenant
) -> None:
    def statements() -> int:
        seen = []

        def count(execute: Any, *args: Any) -> Any:
            seen.append(args[0])
            return execute(*args)

        with connection.execute_wrapper(count):
            take_snapshot(contoso, NOW)
        return len(seen)

    tenant.add(1, "ann")
    take_snapshot(contoso, NOW)
    few = statements()
    for number in range(2, 60):
        tenant.add(number, f"person{number}")
    assert statements() == few


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        ("no-directory", "This portal is connected to no directory."),
        ("unavailable", "The directory did not answer."),
        ("403 Authorization_RequestDenied: No", "403 Authorization_RequestDenied: No"),
        ("", ""),
    ],
)
def test_a_problem_is_told_in_words(problem: str, text: str) -> None:
    assert str(problem_text(problem)) == text


def test_days_pass_for_snapshots_too(tenant: FakeTenant, contoso: PartnerTenant) -> None:
    for days in (3, 2, 1, 0):
        take_snapshot(contoso, NOW - days * DAY)
    call_command("age", "1")
    days = StatusSnapshot.objects.order_by("day").values_list("day", flat=True)
    assert [day.day for day in days] == [26, 27, 28, 29]
