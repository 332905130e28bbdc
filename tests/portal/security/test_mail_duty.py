"""Mails are written once, for those they are meant for, after the snapshot they tell of."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import Cloud, PartnerTenant
from mailing.models import OutgoingMail
from security.mails import duty
from security.mails.duty import mail_due
from security.models import MailSubscription, StatusSnapshot
from tests.portal.security.factory import snapshot, subscription

pytestmark = pytest.mark.requirement("Q1")
MONDAY = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def whole(tenant: PartnerTenant, **values: Any) -> StatusSnapshot:
    """Everything at 100 %."""
    figures = {"enforced_accounts": 100, "portal_with_mfa": 10, "api_with_mfa": 5}
    StatusSnapshot.objects.filter(tenant=tenant, day=datetime.now(UTC).date()).delete()
    return snapshot(tenant, **figures | values)


def subjects() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("subject", flat=True))


def test_a_figure_that_falls_below_is_mailed_once_until_it_was_at_its_threshold_for_a_week(
    contoso: PartnerTenant, clock: time_machine.Traveller
) -> None:
    subscription(contoso)
    written = []
    for enforced in (100, 99, 98, 100, 99, *[100] * 7, 99):
        whole(contoso, enforced_accounts=enforced)
        written.append(mail_due())
        assert mail_due() == 0  # the same snapshot again
        clock.shift(DAY)
    assert written == [0, 1, *[0] * 10, 1]
    assert subjects() == ["Security requirements of Contoso: below the threshold"] * 2


def test_several_figures_that_fall_together_are_one_mail(contoso: PartnerTenant) -> None:
    subscription(contoso)
    snapshot(contoso)
    assert mail_due() == 1
    assert MailSubscription.objects.get().below == dict.fromkeys(["accounts", "portal", "api"], "2026-11-30")


def test_a_snapshot_from_before_the_confirmation_is_no_reason(contoso: PartnerTenant) -> None:
    subscription(contoso, judged_until=MONDAY + HOUR, confirmed_at=MONDAY + HOUR)
    snapshot(contoso)
    assert mail_due() == 0


def test_each_has_thresholds_of_their_own(contoso: PartnerTenant) -> None:
    subscription(contoso, "strict@contoso.example", thresholds={"accounts": 91})
    subscription(contoso, "lax@contoso.example", thresholds={"accounts": 90})
    snapshot(contoso)  # 90 of 100
    assert mail_due() == 1
    assert OutgoingMail.objects.get().recipient == "strict@contoso.example"


def test_an_address_nobody_confirmed_gets_nothing(contoso: PartnerTenant) -> None:
    subscription(contoso, confirmed_at=None, weekly_on=0, weekly_due_on=date(2026, 11, 30))
    snapshot(contoso)
    assert mail_due() == 0


@pytest.mark.requirement("Q6")
@pytest.mark.parametrize("cloud", [Cloud.US_GOVERNMENT, Cloud.GERMANY])
def test_people_of_a_sovereign_cloud_get_nothing(contoso: PartnerTenant, cloud: Cloud) -> None:
    subscription(contoso, weekly_on=0, weekly_due_on=date(2026, 11, 30))
    snapshot(contoso)
    contoso.cloud = cloud
    contoso.save()
    assert mail_due() == 0


def test_only_the_own_tenants_snapshot_counts(contoso: PartnerTenant, fabrikam: PartnerTenant) -> None:
    subscription(contoso)
    snapshot(fabrikam)
    assert mail_due() == 0


def test_the_summary_comes_once_on_its_day_after_the_days_snapshot(
    contoso: PartnerTenant, clock: time_machine.Traveller
) -> None:
    subscription(contoso, thresholds={}, weekly_on=0, weekly_due_on=date(2026, 11, 30))
    clock.move_to(MONDAY.replace(hour=7))
    assert mail_due() == 0
    whole(contoso)
    clock.move_to(MONDAY.replace(hour=5))
    assert mail_due() == 0
    clock.move_to(MONDAY.replace(hour=7))
    assert mail_due() == 1
    assert mail_due() == 0
    assert subjects() == ["Security requirements of Contoso: weekly summary"]
    for days in range(1, 8):
        clock.move_to(MONDAY.replace(hour=7) + days * DAY)
        whole(contoso)
        assert mail_due() == (1 if days == 7 else 0)


def test_a_summary_that_was_missed_is_made_up_for_and_the_next_is_on_its_day(
    contoso: PartnerTenant, clock: time_machine.Traveller
) -> None:
    subscription(contoso, thresholds={}, weekly_on=0, weekly_due_on=date(2026, 11, 30))
    clock.move_to(MONDAY + 2 * DAY)
    whole(contoso)
    assert mail_due() == 1
    assert MailSubscription.objects.get().weekly_due_on == date(2026, 12, 7)


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_while_writing_has_neither_told_nor_lost(
    contoso: PartnerTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription(contoso, weekly_on=0, weekly_due_on=date(2026, 11, 30))
    snapshot(contoso)

    def be_killed(*args: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(duty, "_summary", be_killed)  # the alert was put into the outbox already
        with pytest.raises(KeyboardInterrupt):
            mail_due()
    assert subjects() == []
    assert mail_due() == 2
    assert mail_due() == 0


def test_one_failure_keeps_neither_other_tenants_nor_other_addresses_waiting(
    contoso: PartnerTenant, fabrikam: PartnerTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tenant in (contoso, fabrikam):
        snapshot(tenant)
    subscription(contoso, "bad@contoso.example")
    subscription(contoso, "good@contoso.example")
    subscription(fabrikam, "john@fabrikam.example")
    post = duty.post

    def fail_for_one(row: MailSubscription, write: Any) -> int:
        if row.address.startswith("bad"):
            raise RuntimeError("a fault of ours")
        return post(row, write)

    monkeypatch.setattr(duty, "post", fail_for_one)
    with pytest.raises(ExceptionGroup):
        mail_due()
    recipients = OutgoingMail.objects.values_list("recipient", flat=True)
    assert sorted(recipients) == ["good@contoso.example", "john@fabrikam.example"]
    monkeypatch.setattr(duty, "post", post)
    assert mail_due() == 1


def test_a_turn_of_the_loop_writes_them(contoso: PartnerTenant, settings: Any) -> None:
    settings.GRAPH_URL = ""
    subscription(contoso)
    snapshot(contoso)
    call_command("loop", "--once")
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("others", [0, 15])
def test_looking_costs_the_same_where_nothing_is_due(
    contoso: PartnerTenant, django_assert_num_queries: Any, others: int
) -> None:
    snapshot(contoso)
    for number in range(1 + others):
        subscription(contoso, f"person{number}@contoso.example", judged_until=MONDAY)
    with django_assert_num_queries(1):
        mail_due()
