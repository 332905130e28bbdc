"""What Wingtip knows of a browser: who signed in and when, and the requests that wait. A signed cookie holds it."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest

from examples.wingtip.asked import Asked
from examples.wingtip.people import Person, find

MAX_WAITING = 3


@dataclass(frozen=True)
class SignedIn:
    person: Person
    password_at: float
    code_at: float = 0.0


def current(request: HttpRequest) -> SignedIn | None:
    stored: dict[str, Any] | None = request.session.get("signed_in")
    person = find(stored["name"]) if stored else None
    if stored is None or person is None:
        return None
    return SignedIn(person, stored["password_at"], stored["code_at"])


def password_given(request: HttpRequest, person: Person) -> None:
    """A password starts anew: the code of an earlier sign-in does not carry over."""
    request.session["signed_in"] = {"name": person.name, "password_at": time.time(), "code_at": 0.0}


def code_given(request: HttpRequest) -> None:
    request.session["signed_in"] = {**request.session["signed_in"], "code_at": time.time()}


def wait(request: HttpRequest, asked: Asked) -> None:
    """Keep a request until the person has signed in; the oldest goes when there are too many."""
    waiting = {**request.session.get("waiting", {}), asked.id: asdict(asked)}
    request.session["waiting"] = dict(list(waiting.items())[-MAX_WAITING:])


def waiting(request: HttpRequest, asked_id: str) -> Asked | None:
    stored = request.session.get("waiting", {}).get(asked_id)
    return Asked(**stored) if stored else None


def forget(request: HttpRequest, asked: Asked) -> None:
    left = {key: value for key, value in request.session.get("waiting", {}).items() if key != asked.id}
    request.session["waiting"] = left
