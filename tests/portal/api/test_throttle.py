"""Calls of a partner are counted in Redis by all processes, and in the table where Redis does not answer."""

from collections.abc import Iterator
from typing import Any, Self

import pytest
import redis
import time_machine
from pytest_django import Settings

from accounts.models import User
from activity import writer
from activity.models import ApiRequest
from api import throttle
from tests.portal.api.conftest import Api
from webhooks.models import Event
from webhooks.services import register

CUSTOMERS = "/v1/customers"


class Redis:
    """A count and a stream; every process of the portal sees the same."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.entries: list[dict[str, str]] = []
        self.down = False

    def pipeline(self, *, transaction: bool) -> Self:
        self.answers: list[Any] = []
        return self

    def incr(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1
        self.answers.append(self.counts[name])

    def expire(self, name: str, seconds: int) -> None:
        self.answers.append(True)

    def xadd(self, name: str, fields: dict[str, str]) -> None:
        self.entries.append(fields)
        self.answers.append("id")

    def execute(self) -> list[Any]:
        if self.down:
            raise redis.ConnectionError
        return self.answers


@pytest.fixture
def shared(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    settings.REDIS_URL, settings.API_CALLS_PER_MINUTE = "redis://shared", 3
    fake = Redis()
    monkeypatch.setattr(writer, "stream", lambda: fake)
    throttle._learned.clear()
    with time_machine.travel("2026-11-24T10:00:30Z", tick=False):
        yield fake
    throttle._learned.clear()


def test_each_partner_has_its_calls_and_refused_ones_cost_none_of_the_next_minute(
    api: Api, alejandra: User, olga: User, shared: Redis
) -> None:
    token = api.token_of(alejandra)
    assert [api.call(token, CUSTOMERS).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert api.call(olga, CUSTOMERS).status_code == 200
    assert sorted(shared.counts.values()) == [1, 5]
    assert [entry["status"] for entry in shared.entries].count("429") == 2
    with time_machine.travel("2026-11-24T10:01:00Z", tick=False):
        assert api.call(token, CUSTOMERS).status_code == 200


def test_what_other_processes_answered_counts_from_this_ones_next_call(
    api: Api, alejandra: User, shared: Redis
) -> None:
    token = api.token_of(alejandra)
    api.call(token, CUSTOMERS)
    (name,) = shared.counts
    shared.counts[name] += 100
    assert [api.call(token, CUSTOMERS).status_code for _ in range(3)] == [200, 429, 429]


def test_while_redis_does_not_answer_the_table_counts(api: Api, alejandra: User, shared: Redis) -> None:
    token, shared.down = api.token_of(alejandra), True
    assert [api.call(token, CUSTOMERS).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert ApiRequest.objects.exclude(status=429).count() == 3


@pytest.mark.parametrize("down", [False, True])
def test_calls_refused_by_a_limit_of_their_own_count_as_well(
    api: Api, alejandra: User, shared: Redis, down: bool
) -> None:
    def send() -> str:
        address = "/webhooks/v1/registration/validationEvents"
        return str(api.call(alejandra, address, method="POST").json().get("description", "sent"))

    shared.down = down
    register(user=alejandra, url="https://hooks.example/", events=[Event.TEST], signature_in_own_header=False)
    send(), send()
    assert "Two test events" in send()
    assert "More than 3 calls" in send()
