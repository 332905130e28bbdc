"""Polling (RFC 8936): by the stream's secret, acknowledged with the next request."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from entra.directory.administration.accounts import void_sessions
from entra.directory.models import User
from entra.events.models import OutgoingEvent, Stream
from tests.entra.events.conftest import AUDIENCE, SECRET, unverified


def poll(asked: dict[str, Any] | str | None = None, *, secret: str | None = SECRET, audience: UUID = AUDIENCE) -> Any:
    header = {"Authorization": f"Bearer {secret}"} if secret is not None else {}
    body = asked if isinstance(asked, str) else json.dumps(asked or {})
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/events/{audience}/poll", body, content_type="application/json", headers=header)


@pytest.fixture
def waiting(stream: Stream, john: User) -> list[str]:
    for _ in range(3):
        void_sessions(account=john, actor="test")
    return [str(event.jti) for event in OutgoingEvent.objects.all()]


def test_what_waits_is_handed_out_oldest_first(waiting: list[str]) -> None:
    answer = poll({"maxEvents": 2, "returnImmediately": True})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert list(answer.json()["sets"]) == waiting[:2]
    assert answer.json()["moreAvailable"] is True
    assert all(unverified(token)["jti"] == jti for jti, token in answer.json()["sets"].items())


def test_it_is_handed_out_again_until_it_is_acknowledged(waiting: list[str]) -> None:
    assert list(poll().json()["sets"]) == waiting
    assert list(poll().json()["sets"]) == waiting
    assert poll({"ack": waiting}).json() == {"sets": {}, "moreAvailable": False}


def test_acknowledging_alone_asks_for_nothing(waiting: list[str]) -> None:
    answer = poll({"ack": waiting[:1], "maxEvents": 0})
    assert answer.json() == {"sets": {}, "moreAvailable": True}
    assert list(poll().json()["sets"]) == waiting[1:]


def test_a_refused_event_is_not_handed_out_again_and_the_reason_is_kept(waiting: list[str]) -> None:
    answer = poll({"setErrs": {waiting[0]: {"err": "invalid_audience", "description": "not mine"}}})
    assert list(answer.json()["sets"]) == waiting[1:]
    assert OutgoingEvent.objects.get(jti=waiting[0]).refusal == "invalid_audience not mine"


def test_unknown_events_are_acknowledged_without_harm(waiting: list[str]) -> None:
    assert list(poll({"ack": ["00000000-0000-4000-8000-000000000000"]}).json()["sets"]) == waiting


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET.upper()])
def test_without_the_secret_there_is_nothing(waiting: list[str], secret: str | None) -> None:
    answer = poll({"ack": waiting}, secret=secret)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert not OutgoingEvent.objects.exclude(settled_at=None).exists()


def test_one_streams_secret_does_not_open_another(waiting: list[str]) -> None:
    other = UUID("10000000-0000-4000-8000-00000000000f")
    assert poll(audience=other).status_code == 401
    Stream.objects.create(audience=other, secret_digest="")
    assert poll(audience=other).status_code == 401
    assert poll(audience=other, secret="").status_code == 401


@pytest.mark.parametrize(
    "body", ["no json", "[]", '{"maxEvents": "many"}', '{"ack": ["no-uuid"]}', '{"setErrs": {"x": {}}}', "\xff"]
)
def test_a_malformed_request_is_refused(waiting: list[str], body: str) -> None:
    answer = poll(body)
    assert (answer.status_code, answer.json()) == (400, {"err": "invalid_request"})


def test_nobody_gets_more_than_a_hundred_at_once(stream: Stream, john: User) -> None:
    for _ in range(101):
        void_sessions(account=john, actor="test")
    assert len(poll({"maxEvents": 5000}).json()["sets"]) == 100


def test_only_post_is_answered(stream: Stream) -> None:
    assert Client().get(f"/events/{AUDIENCE}/poll").status_code == 405
