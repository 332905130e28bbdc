"""Fetching what a push missed (RFC 8936), and knowing when nothing is missing."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from pytest_django import Settings

from accounts.events.feed import events_are_current
from accounts.events.poll import catch_up, poll_due
from accounts.models import EventFeed, User
from accounts.oidc.provider import ProviderUnavailable
from tests.portal.accounts.events.conftest import Told
from tests.portal.accounts.op import Provider

pytestmark = pytest.mark.requirement("M22")
NO_ROLES = {"claims": {"groups": [], "wids": []}}


class Stream:
    """A provider's poll endpoint with a knob for its answer."""

    def __init__(self) -> None:
        self.waiting: dict[str, str] = {}
        self.asked: list[dict[str, Any]] = []
        self.authorization = ""
        self.status = 200
        self.answer: Any = None

    def take(self, asked: dict[str, Any]) -> Any:
        self.asked.append(asked)
        for jti in [*asked["ack"], *asked["setErrs"]]:
            self.waiting.pop(jti, None)
        return self.answer if self.answer is not None else {"sets": self.waiting, "moreAvailable": False}


@pytest.fixture
def stream(settings: Settings, op: Provider) -> Iterator[Stream]:
    found = Stream()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.authorization = self.headers.get("Authorization", "")
            body = json.dumps(found.take(json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(found.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EVENT_POLL_URL = f"http://127.0.0.1:{server.server_port}/events/poll"
    settings.EVENT_STREAM_SECRET = "the-stream-secret"
    yield found
    server.shutdown()
    server.server_close()


def test_what_waits_is_applied_and_acknowledged(stream: Stream, told: Told, john: User) -> None:
    stream.waiting = {"one": told("token-claims-change", NO_ROLES), "two": told("credential-change")}
    assert catch_up() == 2
    john.refresh_from_db()
    assert john.projected_roles == []
    assert stream.waiting == {}
    assert stream.asked == [
        {"maxEvents": 50, "returnImmediately": True, "ack": [], "setErrs": {}},
        {"maxEvents": 50, "returnImmediately": True, "ack": ["one", "two"], "setErrs": {}},
    ]
    assert stream.authorization == "Bearer the-stream-secret"


def test_an_event_pushed_before_is_acknowledged_and_counts_once(stream: Stream, told: Told, john: User) -> None:
    stream.waiting = {"one": told("token-claims-change", NO_ROLES)}
    token = stream.waiting["one"]
    catch_up()
    stream.waiting = {"one": token}
    assert catch_up() == 0
    assert stream.waiting == {}


def test_a_bad_event_is_refused_with_its_reason_and_the_others_count(stream: Stream, told: Told, john: User) -> None:
    bad = told("token-claims-change", {"claims": {"wids": ["all"]}}, aud="another-client")
    stream.waiting = {"bad": bad, "unsigned": "e30.e30.", "good": told("token-claims-change", NO_ROLES)}
    assert catch_up() == 1
    assert stream.asked[1]["ack"] == ["good"]
    assert stream.asked[1]["setErrs"] == {
        "bad": {"err": "invalid_audience", "description": "audience"},
        "unsigned": {"err": "invalid_request", "description": "algorithm"},
    }


def test_an_event_whose_key_is_not_known_yet_is_left_waiting(
    stream: Stream, told: Told, john: User, op: Provider
) -> None:
    op.kid = "key-9"
    stream.waiting = {"one": told("token-claims-change", NO_ROLES)}
    assert catch_up() == 0
    assert list(stream.waiting) == ["one"]
    assert len(stream.asked) == 1
    assert not events_are_current()


@pytest.mark.parametrize("answer", [{}, [], {"sets": []}, {"sets": None}])
def test_nonsense_is_no_sign_of_life(stream: Stream, db: None, answer: Any) -> None:
    stream.answer = answer
    with pytest.raises(ProviderUnavailable):
        catch_up()
    assert not events_are_current()


def test_a_wrong_secret_is_no_sign_of_life(stream: Stream, db: None) -> None:
    stream.status = 401
    poll_due()
    assert not events_are_current()


def test_events_are_current_for_sixty_seconds_after_the_last_answer(stream: Stream, db: None) -> None:
    assert not events_are_current()  # nothing heard yet
    catch_up()
    start = time.time()
    with time_machine.travel(start + 59):
        assert events_are_current()
    with time_machine.travel(start + 61):
        assert not events_are_current()


def test_one_turn_of_the_loop_polls(stream: Stream, told: Told, john: User) -> None:
    stream.waiting = {"one": told("token-claims-change", NO_ROLES)}
    call_command("loop", "--once")
    assert stream.waiting == {}
    assert EventFeed.objects.count() == 1


def test_a_provider_without_events_is_not_polled_and_nothing_is_missing(
    stream: Stream, db: None, settings: Settings
) -> None:
    settings.SECURITY_EVENTS = False
    call_command("loop", "--once")
    assert stream.asked == []
    assert events_are_current()
