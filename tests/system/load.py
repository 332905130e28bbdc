"""Programs that call the REST API again and again, each over connections that stay open."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Event, Thread
from typing import Any

import requests

CONNECTIONS = 2
"""Of each program, so that more than one process of the portal answers it."""
PAUSE = 0.05
"""Seconds a program takes over an answer; the changes are made on the same few cores."""


@dataclass(frozen=True)
class Change:
    """Something taken back: when that was asked for, and when it was answered, in seconds since 1970."""

    begun: float
    answered: float


@dataclass
class Program:
    """A token in use. `answers` are the moments of the answers, in seconds since 1970, and their statuses."""

    name: str
    url: str
    token: str
    refresh_token: str = ""
    answers: list[tuple[float, int]] = field(default_factory=list)
    connections: int = 0

    def status_after(self, moment: float) -> int:
        """The status of the first answer after this moment."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if self.answers and self.answers[-1][0] > moment:
                return next(status for at, status in self.answers if at > moment)
            time.sleep(0.02)
        raise AssertionError(f"{self.name} is not answered any more")

    def refused_after(self, change: "Change") -> float:
        """How many seconds after the change was answered its first refusal came; 0 if even before that answer."""
        before = {status for at, status in self.answers if at < change.begun}
        assert before == {HTTPStatus.OK}, f"{self.name} was answered {before} before the change"
        refused = [at for at, status in self.answers if status == HTTPStatus.UNAUTHORIZED]
        assert refused, f"{self.name} was never refused"
        return max(min(refused) - change.answered, 0.0)

    def last_answered(self) -> float:
        """When its last answer that was no refusal came."""
        return max(at for at, status in self.answers if status == HTTPStatus.OK)


@contextmanager
def calling(programs: list[Program]) -> Iterator[Callable[[], int]]:
    """Let them all call for as long as the block lasts; the value tells how many calls were answered so far."""
    ended, failures = Event(), []

    def call(program: Program) -> None:
        try:
            _call_until(ended, program)
        except Exception as failure:
            failures.append(failure)

    threads = [Thread(target=call, args=(one,), daemon=True) for one in programs for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    try:
        yield lambda: sum(len(one.answers) for one in programs)
    finally:
        ended.set()
        for thread in threads:
            thread.join(30)
    assert not failures, failures


def _call_until(ended: Event, program: Program) -> None:
    http: Any = requests.Session()
    http.trust_env = False
    headers = {"Authorization": f"Bearer {program.token}"}
    while not ended.is_set():
        answer = http.get(program.url, headers=headers, timeout=30)
        program.answers.append((time.time(), answer.status_code))
        ended.wait(PAUSE)
    program.connections += http.get_adapter(program.url).poolmanager.connection_from_url(program.url).num_connections
