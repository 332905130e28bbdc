"""What people do about an alert, and that nobody writes over another's act."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import PartnerTenant, User
from accounts.roles import Role
from activity.models import AuditRecord
from security.alerts.figures import duration_text, figures
from security.alerts.services import ChangedMeanwhile, add_note, reopen, resolve, take_up
from security.kinds import AlertStatus, ResolvedReason
from security.models import SecurityAlert
from tests.portal.conftest import SignIn, make_user
from tests.portal.security.logs import make_alert

LIST = "/dashboard/security/alerts"


@pytest.fixture
def alert(contoso: PartnerTenant) -> SecurityAlert:
    return make_alert(contoso)


@pytest.fixture
def yara(contoso: PartnerTenant) -> User:
    return make_user(contoso, "Yara Lind", "yara@contoso.example", [Role.SECURITY_ADMIN])


def page_of(alert: SecurityAlert, act: str = "") -> str:
    return f"{LIST}/{alert.pk}{act and f'/{act}'}"


def test_taking_an_alert_up_names_the_person_and_ends_the_response_time(alert: SecurityAlert, yara: User) -> None:
    take_up(user=yara, alert=alert, version=1)
    alert.refresh_from_db()
    assert (alert.status, alert.assigned_to, alert.version) == ("investigating", "yara@contoso.example", 2)
    assert alert.acted_at is not None
    first = alert.acted_at
    resolve(user=yara, alert=alert, version=2, reason=ResolvedReason.FRAUD, note="It was not Ann.")
    alert.refresh_from_db()
    assert (alert.status, alert.resolved_reason, alert.resolved_by) == ("resolved", "fraud", "yara@contoso.example")
    assert alert.acted_at == first
    assert [note.text for note in alert.notes.all()] == ["It was not Ann."]


def test_each_act_is_audited_without_what_was_written(alert: SecurityAlert, yara: User) -> None:
    take_up(user=yara, alert=alert, version=1)
    resolve(user=yara, alert=alert, version=2, reason=ResolvedReason.IGNORE, note="nothing")
    reopen(user=yara, alert=alert, version=3)
    add_note(user=yara, alert=alert, text="something")
    records = AuditRecord.objects.order_by("pk")
    assert [(record.action, record.actor) for record in records] == [
        ("security.alert-taken-up", "yara@contoso.example"),
        ("security.alert-resolved", "yara@contoso.example"),
        ("security.alert-reopened", "yara@contoso.example"),
        ("security.alert-noted", "yara@contoso.example"),
    ]
    assert records[1].detail == {"alert": str(alert.pk), "reason": "ignore", "noted": True}


def test_a_note_sent_twice_is_one_note_with_the_name_that_nobody_else_has(alert: SecurityAlert, yara: User) -> None:
    for text in ("once", "once", "more", "once"):
        add_note(user=yara, alert=alert, text=text)
    written = [(note.created_by_name, note.text) for note in alert.notes.all()]
    assert written == [("yara@contoso.example", text) for text in ("once", "more", "once")]
    assert AuditRecord.objects.count() == 3


def test_nobody_writes_on_another_partners_alert(alert: SecurityAlert, olga: User) -> None:
    with pytest.raises(SecurityAlert.DoesNotExist):
        add_note(user=olga, alert=alert, text="mine")
    assert not alert.notes.exists()


def test_reopening_takes_the_judgement_back(alert: SecurityAlert, yara: User) -> None:
    resolve(user=yara, alert=alert, version=1, reason=ResolvedReason.IGNORE)
    reopen(user=yara, alert=alert, version=2)
    alert.refresh_from_db()
    assert (alert.status, alert.resolved_reason, alert.resolved_by, alert.resolved_at) == (
        "investigating",
        "",
        "",
        None,
    )


@pytest.mark.parametrize("version", [0, 2])
def test_an_act_upon_another_state_than_the_one_seen_writes_nothing(
    alert: SecurityAlert, yara: User, version: int
) -> None:
    with pytest.raises(ChangedMeanwhile):
        resolve(user=yara, alert=alert, version=version, reason=ResolvedReason.FRAUD, note="mine")
    alert.refresh_from_db()
    assert (alert.status, alert.notes.count(), AuditRecord.objects.count()) == ("active", 0, 0)


def test_an_alert_that_is_resolved_is_not_taken_up(alert: SecurityAlert, yara: User) -> None:
    resolve(user=yara, alert=alert, version=1, reason=ResolvedReason.IGNORE)
    with pytest.raises(ChangedMeanwhile):
        take_up(user=yara, alert=alert, version=2)


def test_another_partners_alert_cannot_be_changed(alert: SecurityAlert, olga: User) -> None:
    with pytest.raises(ChangedMeanwhile):
        take_up(user=olga, alert=alert, version=1)


def test_who_comes_second_is_told_and_keeps_what_was_typed(
    client: Client, alert: SecurityAlert, alejandra: User, yara: User, sign_in: SignIn
) -> None:
    sign_in(client, alejandra)
    resolve(user=yara, alert=alert, version=1, reason=ResolvedReason.LEGITIMATE)
    sent = {"version": "1", "reason": "fraud", "note": "I called Ann"}
    response = client.post(page_of(alert, "resolve"), sent)
    assert response.status_code == 409
    assert "yara@contoso.example resolved this alert meanwhile" in response.content.decode()
    assert "I called Ann" in response.content.decode()
    alert.refresh_from_db()
    assert (alert.resolved_reason, alert.notes.count()) == ("legitimate", 0)


def test_after_somebody_took_it_up_the_form_can_be_sent_again(
    client: Client, alert: SecurityAlert, alejandra: User, yara: User, sign_in: SignIn
) -> None:
    sign_in(client, alejandra)
    take_up(user=yara, alert=alert, version=1)
    sent = {"version": "1", "reason": "fraud", "note": "I called Ann"}
    response = client.post(page_of(alert, "resolve"), sent)
    assert response.status_code == 409
    assert "yara@contoso.example took this alert up meanwhile" in response.content.decode()
    form = response.context["resolve_form"]
    again = client.post(page_of(alert, "resolve"), {**sent, "version": form["version"].value()})
    assert again.status_code == 302
    alert.refresh_from_db()
    assert alert.status == "resolved"


def test_triage_by_the_pages(client: Client, alert: SecurityAlert, alejandra: User, sign_in: SignIn) -> None:
    sign_in(client, alejandra)
    assert client.post(page_of(alert, "take-up"), {"version": "1"})["Location"] == page_of(alert)
    assert client.post(page_of(alert, "resolve"), {"version": "2"}).status_code == 422  # no reason
    client.post(page_of(alert, "resolve"), {"version": "2", "reason": "legitimate"})
    client.post(page_of(alert, "reopen"), {"version": "3"})
    client.post(page_of(alert, "note"), {"text": "Ann is on a journey"})
    assert client.post(page_of(alert, "note"), {"text": " "}).status_code == 422
    alert.refresh_from_db()
    assert (alert.status, alert.version) == ("investigating", 4)
    assert "Ann is on a journey" in client.get(page_of(alert)).content.decode()


@pytest.mark.parametrize("version", ["x", "", "0", "-1", "9" * 30, "9" * 5000])
@pytest.mark.parametrize("act", ["take-up", "reopen", "resolve"])
def test_a_form_without_a_version_changes_nothing(
    client: Client, alert: SecurityAlert, alejandra: User, sign_in: SignIn, act: str, version: str
) -> None:
    sign_in(client, alejandra)
    answer = client.post(page_of(alert, act), {"version": version, "reason": "fraud"})
    assert answer.status_code in {302, 409, 422}
    alert.refresh_from_db()
    assert alert.version == 1


def test_the_tiles_count_and_average(contoso: PartnerTenant, fabrikam: PartnerTenant, alejandra: User) -> None:
    now, day = timezone.now(), timedelta(days=1)
    for detected, acted, status in (
        (1 * day, timedelta(hours=1), AlertStatus.RESOLVED),
        (2 * day, timedelta(hours=3), AlertStatus.INVESTIGATING),
        (8 * day, None, AlertStatus.ACTIVE),
        (31 * day, timedelta(hours=90), AlertStatus.RESOLVED),  # too long ago for the average
    ):
        at = now - detected
        make_alert(contoso, detected_at=at, acted_at=at + acted if acted else None, status=status)
    make_alert(fabrikam)
    found = figures(alejandra, now=now)
    assert (found.total, found.new, found.unresolved, found.resolved) == (4, 2, 2, 2)
    assert found.response == timedelta(hours=2)


@pytest.mark.parametrize(
    ("took", "text"),
    [
        (timedelta(seconds=20), "under a minute"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=2, minutes=7), "2 h 7 min"),
        (timedelta(days=3, hours=4, minutes=50), "3 d 4 h"),
    ],
)
def test_a_response_time_is_told_in_its_two_largest_units(took: timedelta, text: str) -> None:
    assert duration_text(took) == text
