"""Adding, confirming, changing and ending mail subscriptions."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import PartnerTenant, User
from activity.models import AuditRecord
from mailing.models import OutgoingMail
from security.mails.services import (
    Choices,
    Refusal,
    Refused,
    ask_again,
    change,
    confirm,
    remove,
    subscribe,
    unsubscribe,
)
from security.metrics import Measure
from security.models import MailSubscription
from tests.portal.security.factory import subscription
from tests.posted import posted

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)  # a Monday
ALL = {Measure.ACCOUNTS: 100, Measure.PORTAL: 100, Measure.API: 100}
CHOICES = Choices("en", 0, ALL)
ANN = "ann@contoso.example"


def token_of(text: str, kind: str = "confirm") -> str:
    found = re.search(rf"http://localhost:8000/security-mails/{kind}/(\S+)", text)
    assert found
    return found[1]


def add(user: User, address: str = ANN, choices: Choices = CHOICES) -> MailSubscription:
    return subscribe(user=user, address=address, choices=choices)


def last_token() -> str:
    return token_of(posted()[-1].body)


def test_an_added_address_is_asked_and_gets_nothing_else(alejandra: User) -> None:
    row = add(alejandra, "Ann@Contoso.example")
    (sent,) = posted()
    assert (row.address, row.confirmed_at, row.added_by) == (ANN, None, "alejandra@contoso.example")
    assert sent.to == [ANN]
    assert not MailSubscription.objects.confirmed().exists()
    record = AuditRecord.objects.get()
    assert (record.action, record.actor, record.subject) == (
        "security.mail-confirmation-asked", "alejandra@contoso.example", ANN,
    )  # fmt: skip
    assert record.tenant_id == alejandra.tenant_id


def test_neither_the_row_nor_the_waiting_mail_nor_the_audit_log_holds_the_link(alejandra: User) -> None:
    row = add(alejandra)
    waiting = OutgoingMail.objects.get()
    token = last_token()
    stored = f"{vars(row)} {vars(waiting)} {AuditRecord.objects.get().detail}"
    assert token not in stored
    assert len(row.confirmation_hash) == 64


def test_the_link_confirms_once(alejandra: User) -> None:
    add(alejandra)
    token = last_token()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=71)):
        assert confirm(token=token) is not None
        assert confirm(token=token) is None
    assert MailSubscription.objects.confirmed().count() == 1
    assert AuditRecord.objects.order_by("pk").last().action == "security.mail-confirmed"


@pytest.mark.parametrize("spoil", [lambda token: token + "x", lambda token: "x" + token, lambda token: "nonsense"])
def test_a_link_we_did_not_sign_confirms_nothing(alejandra: User, spoil: object) -> None:
    add(alejandra)
    assert confirm(token=spoil(last_token())) is None  # type: ignore[operator]
    assert not MailSubscription.objects.confirmed().exists()


def test_an_old_link_confirms_nothing(alejandra: User) -> None:
    add(alejandra)
    token = last_token()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3, minutes=1)):
        assert confirm(token=token) is None


def test_a_newer_link_ends_the_older_one(alejandra: User) -> None:
    row = add(alejandra)
    older = last_token()
    ask_again(user=alejandra, subscription=row)
    newer = last_token()
    assert confirm(token=older) is None
    assert confirm(token=newer) is not None


def test_a_link_to_unsubscribe_does_not_confirm_nor_the_other_way_round(alejandra: User) -> None:
    add(alejandra)
    body = posted()[-1].body
    assert confirm(token=token_of(body, "unsubscribe")) is None
    assert unsubscribe(token=token_of(body)) is False
    assert MailSubscription.objects.get().confirmed_at is None


def test_whoever_is_asked_can_decline(alejandra: User) -> None:
    add(alejandra)
    body = posted()[-1].body
    assert unsubscribe(token=token_of(body, "unsubscribe")) is True
    assert confirm(token=token_of(body)) is None
    assert not MailSubscription.objects.exists()


def test_unsubscribing_ends_one_subscription_is_audited_once_and_may_be_repeated(
    alejandra: User, fabrikam: PartnerTenant
) -> None:
    add(alejandra)
    body = posted()[-1].body
    confirm(token=token_of(body))
    subscription(fabrikam, ANN)
    for _time in range(2):
        assert unsubscribe(token=token_of(body, "unsubscribe")) is True
    assert MailSubscription.objects.get().tenant == fabrikam
    record = AuditRecord.objects.get(action="security.mail-unsubscribed")
    assert (record.actor, record.subject, record.tenant_id) == (ANN, ANN, alejandra.tenant_id)


def refusal_of(user: User, address: str = ANN) -> Refusal:
    with pytest.raises(Refused) as refused:
        add(user, address)
    return refused.value.refusal


def test_an_address_is_added_once_a_tenant(alejandra: User, olga: User) -> None:
    add(alejandra)
    assert refusal_of(alejandra, "ANN@contoso.example") is Refusal.ALREADY_THERE
    add(olga)
    assert len(posted()) == 2


def test_a_tenant_has_20_addresses_at_most(alejandra: User, olga: User) -> None:
    for number in range(20):
        subscription(alejandra.tenant, f"person{number}@contoso.example")
    assert refusal_of(alejandra) is Refusal.TOO_MANY_ADDRESSES
    assert posted() == []
    add(olga)


def test_nobody_is_bombed_by_removing_and_adding_an_address_again(alejandra: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for _time in range(3):
            remove(user=alejandra, subscription=add(alejandra))
        assert refusal_of(alejandra) is Refusal.TOO_MANY_QUESTIONS
        assert not MailSubscription.objects.exists()
        add(alejandra, "bob@contoso.example")
        assert len(posted()) == 4
        clock.shift(timedelta(days=1, seconds=1))
        add(alejandra)


def test_a_tenant_asks_20_times_a_day_at_most(alejandra: User, olga: User) -> None:
    for number in range(20):
        remove(user=alejandra, subscription=add(alejandra, f"person{number}@contoso.example"))
    assert refusal_of(alejandra) is Refusal.TOO_MANY_QUESTIONS
    add(olga)
    assert len(posted()) == 21


def test_asking_again_counts_too_and_a_confirmed_address_is_not_asked(alejandra: User) -> None:
    row = add(alejandra)
    ask_again(user=alejandra, subscription=row)
    ask_again(user=alejandra, subscription=row)
    with pytest.raises(Refused) as refused:
        ask_again(user=alejandra, subscription=row)
    assert refused.value.refusal is Refusal.TOO_MANY_QUESTIONS
    confirm(token=last_token())
    with pytest.raises(Refused) as refused:
        ask_again(user=alejandra, subscription=row)
    assert refused.value.refusal is Refusal.ALREADY_THERE


def test_the_first_summary_is_the_next_one_after_the_confirmation(alejandra: User) -> None:
    with time_machine.travel(NOW, tick=False):
        add(alejandra)
        confirm(token=last_token())
    row = MailSubscription.objects.get()
    assert (row.weekly_due_on, row.judged_until) == (date(2026, 12, 7), NOW)


def test_other_choices_count_from_the_next_mail_and_are_audited(alejandra: User) -> None:
    row = subscription(alejandra.tenant, weekly_on=0, weekly_due_on=date(2026, 12, 7))
    with time_machine.travel(NOW, tick=False):
        change(user=alejandra, subscription=row, choices=Choices("ja", 0, {Measure.API: 50}))
        row.refresh_from_db()
        assert (row.language, row.watched, row.weekly_due_on) == ("ja", {Measure.API: 50}, date(2026, 12, 7))
        change(user=alejandra, subscription=row, choices=Choices("ja", 2, {}))
        row.refresh_from_db()
        assert row.weekly_due_on == date(2026, 12, 2)
        change(user=alejandra, subscription=row, choices=Choices("ja", None, {Measure.API: 50}))
        row.refresh_from_db()
        assert row.weekly_due_on is None
    last = AuditRecord.objects.order_by("pk").last()
    assert (last.action, last.detail) == ("security.mail-changed", {"weekly_on": None, "thresholds": {"api": 50}})


def test_another_threshold_is_watched_anew(alejandra: User) -> None:
    fallen = {"accounts": "2026-11-29", "portal": "2026-11-29", "api": "2026-11-29"}
    row = subscription(alejandra.tenant, below=fallen)
    change(user=alejandra, subscription=row, choices=Choices("en", None, {Measure.ACCOUNTS: 100, Measure.API: 99}))
    row.refresh_from_db()
    assert row.below == {"accounts": "2026-11-29"}


def test_choices_of_an_address_not_confirmed_make_nothing_due(alejandra: User) -> None:
    row = add(alejandra, choices=Choices("en", None, ALL))
    change(user=alejandra, subscription=row, choices=CHOICES)
    row.refresh_from_db()
    assert (row.weekly_on, row.weekly_due_on) == (0, None)


def test_somebody_of_another_partner_changes_and_removes_nothing(alejandra: User, olga: User) -> None:
    row = subscription(alejandra.tenant)
    change(user=olga, subscription=row, choices=Choices("ja", None, {}))
    remove(user=olga, subscription=row)
    row.refresh_from_db()
    assert row.language == "en"
    assert not AuditRecord.objects.exists()


def test_addresses_that_never_answered_are_forgotten(alejandra: User) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(days=3, minutes=1)):
        add(alejandra, "silent@contoso.example")
    add(alejandra, "asked@contoso.example")
    subscription(alejandra.tenant, "old@contoso.example", asked_at=NOW - timedelta(days=400))
    call_command("clear_expired")
    left = MailSubscription.objects.values_list("address", flat=True)
    assert sorted(left) == ["asked@contoso.example", "old@contoso.example"]
