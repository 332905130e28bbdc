"""An event is written with its change or not at all, and says what RFC 8417 and Shared Signals 1.0 ask for."""

import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.db.transaction import TransactionManagementError
from pytest_django import Settings

from entra.directory.administration.roles import assign_role
from entra.directory.models import DirectoryRole, RoleAssignment, Tenant, User
from entra.events.kinds import EventType
from entra.events.models import OutgoingEvent, Stream
from entra.events.security_event_token import security_event_token
from entra.events.services import Subject, acknowledge, announce
from entra.keys.services import read_signed
from tests.entra.events.conftest import AUDIENCE, CAEP, ENDPOINT, SECRET, unverified

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"


def give_role(account: User) -> None:
    assign_role(account=account, role=DirectoryRole.GLOBAL_ADMINISTRATOR, actor="test")


@pytest.mark.requirement("M22")
@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_undone_leaves_no_event(stream: Stream, john: User) -> None:
    stream.endpoint = ""
    stream.save()
    with transaction.atomic():
        give_role(john)
        assert OutgoingEvent.objects.count() == 1
        transaction.set_rollback(True)
    assert (RoleAssignment.objects.count(), OutgoingEvent.objects.count()) == (0, 0)


@pytest.mark.requirement("M22")
def test_a_change_whose_event_cannot_be_written_is_undone(
    stream: Stream, john: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("entra.directory.announcements.announce", fail)
    with pytest.raises(RuntimeError):
        give_role(john)
    assert not RoleAssignment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_of_a_transaction_is_refused(stream: Stream, john: User) -> None:
    with pytest.raises(TransactionManagementError):
        announce(EventType.SESSION_REVOKED, [Subject(john.tenant_id, john.pk)])


def test_the_token_says_who_what_and_when(stream: Stream, fabrikam: Tenant, john: User) -> None:
    give_role(john)
    event = OutgoingEvent.objects.get()
    token = security_event_token(event)
    assert jwt.get_unverified_header(token)["typ"] == "secevent+jwt"
    claims = read_signed(token)
    assert claims is not None
    assert set(claims) == {"iss", "aud", "iat", "jti", "sub_id", "events"}  # no `exp`, no `sub`
    assert claims["iss"] == f"http://localhost:8001/{fabrikam.pk}/v2.0"
    assert claims["aud"] == str(AUDIENCE)
    assert abs(claims["iat"] - time.time()) < 5
    assert claims["sub_id"] == {
        "format": "complex",
        "user": {"format": "opaque", "id": str(john.pk)},
        "tenant": {"format": "opaque", "id": str(fabrikam.pk)},
    }
    (facts,) = claims["events"].values()
    assert list(claims["events"]) == [f"{CAEP}/token-claims-change"]
    assert facts["claims"] == {"groups": [], "wids": [GLOBAL_ADMINISTRATOR]}
    assert facts["event_timestamp"] == event.created_at.timestamp()


def test_the_same_event_is_the_same_statement_each_time_it_is_sent(stream: Stream, john: User) -> None:
    give_role(john)
    event = OutgoingEvent.objects.get()
    first = unverified(security_event_token(event))
    with time_machine.travel(time.time() + 3600):
        assert unverified(security_event_token(event)) == first


def test_each_receiver_gets_its_own_copy(stream: Stream, john: User) -> None:
    Stream.objects.create(audience="10000000-0000-4000-8000-00000000000f", secret_digest="")
    give_role(john)
    first, second = OutgoingEvent.objects.all()
    assert first.jti != second.jti
    acknowledge(stream, jtis=[first.jti, second.jti], refusals={})
    assert OutgoingEvent.objects.get(settled_at=None).pk == second.pk  # one receiver cannot settle another's


def test_without_a_receiver_nothing_is_kept(john: User) -> None:
    give_role(john)
    assert not OutgoingEvent.objects.exists()


def test_the_secret_is_not_in_the_database(stream: Stream) -> None:
    assert SECRET not in str(vars(stream))


def test_settled_events_are_forgotten_after_a_day_and_lost_ones_after_thirty(stream: Stream, john: User) -> None:
    give_role(john)
    start = time.time()
    with time_machine.travel(start + 29 * 86400):
        call_command("clear_expired")
        assert OutgoingEvent.objects.count() == 1
        acknowledge(stream, jtis=[OutgoingEvent.objects.get().jti], refusals={})
        call_command("clear_expired")
        assert OutgoingEvent.objects.count() == 1
    with time_machine.travel(start + timedelta(days=30, hours=1).total_seconds()):
        call_command("clear_expired")
        assert not OutgoingEvent.objects.exists()


def test_an_operator_adds_a_receiver_from_the_command_line(
    db: None, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.EVENT_STREAM_SECRET = ""
    call_command("add_event_stream", str(AUDIENCE), "--push-to", ENDPOINT)
    secret = capsys.readouterr().out.rsplit(" ", 1)[1].strip()
    assert len(secret) >= 43  # 256 bits
    stream = Stream.objects.get()
    assert (stream.audience, stream.endpoint) == (AUDIENCE, ENDPOINT)
    settings.EVENT_STREAM_SECRET = secret
    before = stream.secret_digest
    call_command("add_event_stream", str(AUDIENCE), "--push-to", ENDPOINT)
    assert Stream.objects.get().secret_digest == before
    assert "shown only now" not in capsys.readouterr().out
