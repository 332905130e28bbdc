"""Pushing (RFC 8935): in order, again until it arrives, and one receiver's trouble is its own."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import time_machine
from pytest_django import DjangoCaptureOnCommitCallbacks

from entra.directory.administration.accounts import void_sessions
from entra.directory.models import User
from entra.events.models import OutgoingEvent, Stream
from entra.events.push import push_due
from tests.entra.events.conftest import ENDPOINT, unverified


class Receiver:
    """Stands in for the portal's address: keeps what arrives, answers as told."""

    def __init__(self) -> None:
        self.arrived: list[dict[str, Any]] = []
        self.status = 202
        self.body = b""
        self.broken = False

    def post(self, url: str, data: str, headers: dict[str, str], **options: Any) -> requests.Response:
        if self.broken:
            raise requests.ConnectionError
        assert options["allow_redirects"] is False
        self.arrived.append({"url": url, "type": headers["Content-Type"], "claims": unverified(data)})
        answer = requests.Response()
        answer.status_code, answer._content = self.status, self.body
        return answer


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Receiver:
    found = Receiver()
    monkeypatch.setattr("requests.Session.post", lambda _self, url, **options: found.post(url, **options))
    return found


def revoke(account: User) -> None:
    void_sessions(account=account, actor="test")


@pytest.mark.requirement("M22")
def test_an_event_leaves_as_soon_as_its_change_is_kept(
    stream: Stream, john: User, receiver: Receiver, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        revoke(john)
        assert receiver.arrived == []
    assert [(one["url"], one["type"]) for one in receiver.arrived] == [(ENDPOINT, "application/secevent+jwt")]
    assert OutgoingEvent.objects.get().settled_at is not None
    assert push_due() == 0


@pytest.mark.requirement("M22")
def test_what_does_not_arrive_is_sent_again_after_a_growing_pause(
    stream: Stream, john: User, receiver: Receiver
) -> None:
    revoke(john)
    receiver.broken = True
    now = time.time()
    for pause in (2, 4, 8, 16, 32, 60, 60):
        with time_machine.travel(now, tick=False):
            assert push_due() == 0
            stream.refresh_from_db()
            assert stream.due_at is not None
            assert stream.due_at.timestamp() == pytest.approx(now + pause)
        now += pause
    receiver.broken = False
    with time_machine.travel(now + 1):
        assert push_due() == 1
    stream.refresh_from_db()
    assert (stream.failures, stream.due_at, stream.last_error) == (0, None, "")


def test_events_arrive_in_the_order_of_the_changes(stream: Stream, john: User, receiver: Receiver) -> None:
    for _ in range(3):
        revoke(john)
    assert push_due() == 3
    times = [next(iter(one["claims"]["events"].values()))["event_timestamp"] for one in receiver.arrived]
    assert times == sorted(times)
    assert len({one["claims"]["jti"] for one in receiver.arrived}) == 3


@pytest.mark.parametrize(("status", "body"), [(500, b""), (503, b"{}"), (302, b""), (400, b"<html>"), (400, b"[]")])
def test_an_answer_that_settles_nothing_keeps_the_event(
    stream: Stream, john: User, receiver: Receiver, status: int, body: bytes
) -> None:
    revoke(john)
    receiver.status, receiver.body = status, body
    assert push_due() == 0
    assert OutgoingEvent.objects.get().settled_at is None


def test_a_receiver_without_the_new_key_yet_gets_the_event_again(
    stream: Stream, john: User, receiver: Receiver
) -> None:
    revoke(john)
    receiver.status, receiver.body = 400, b'{"err": "invalid_key"}'
    push_due()
    assert OutgoingEvent.objects.get().settled_at is None


def test_an_event_the_receiver_refuses_does_not_hold_up_the_next_one(
    stream: Stream, john: User, receiver: Receiver
) -> None:
    revoke(john)
    receiver.status, receiver.body = 400, b'{"err": "invalid_audience"}'
    assert push_due() == 0
    refused = OutgoingEvent.objects.get()
    assert (refused.settled_at is not None, refused.refusal) == (True, "invalid_audience")
    receiver.status = 202
    revoke(john)
    assert push_due() == 1


def test_a_second_process_leaves_the_stream_to_the_first(stream: Stream, john: User, receiver: Receiver) -> None:
    revoke(john)
    now = time.time()
    Stream.objects.update(leased_until=datetime.fromtimestamp(now + 10, UTC))
    with time_machine.travel(now):
        assert push_due() == 0
    with time_machine.travel(now + 11):  # it died with the lease in its hand
        assert push_due() == 1


def test_a_receiver_that_only_polls_is_not_pushed_to(stream: Stream, john: User, receiver: Receiver) -> None:
    Stream.objects.update(endpoint="")
    revoke(john)
    assert push_due() == 0
    assert receiver.arrived == []
