"""Wingtip's own people: a password and a one-time code (RFC 6238) each, checked here and nowhere else."""

import base64
import hashlib
import hmac
import struct
import threading
import time
from dataclasses import dataclass

from django.conf import settings

from examples.wingtip import own
from secretstore.local import generated

PERIOD = 30
MAX_WRONG = 10
LOCKED_SECONDS = 300

_lock = threading.Lock()
_used: dict[str, int] = {}
_wrong: dict[str, list[float]] = {}


class TooManyGuesses(Exception):
    """Wait five minutes."""


@dataclass(frozen=True)
class Person:
    name: str
    display_name: str

    @property
    def opaque_id(self) -> str:
        """The NameID: the same every time, and meaningless to others."""
        key = settings.SECRET_KEY.encode()
        return hmac.new(key, b"name-id:" + self.name.encode(), hashlib.sha256).hexdigest()[:32]

    @property
    def _seed(self) -> bytes:
        return hashlib.sha256(generated(own.OWN_DIR, "codes-key").encode() + self.name.encode()).digest()[:20]

    @property
    def seed_text(self) -> str:
        return base64.b32encode(self._seed).decode()

    def code_at(self, moment: float) -> str:
        digest = hmac.new(self._seed, struct.pack(">Q", int(moment) // PERIOD), hashlib.sha1).digest()
        offset = digest[-1] & 15
        number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"


def everybody() -> list[Person]:
    """The people of every tenant whose federation names this provider."""
    return [
        Person(user["upn"], user["name"])
        for tenant in own.WORLD["tenants"]
        if tenant.get("federation", {}).get("provider") == "wingtip"
        for user in tenant["users"]
    ]


def find(name: str) -> Person | None:
    wanted = name.strip().lower()
    return next((person for person in everybody() if person.name == wanted), None)


def check_password(name: str, password: str) -> Person | None:
    """Return the person when the password is right. Raises TooManyGuesses."""
    _charge(name.strip().lower())
    if not hmac.compare_digest(password.encode(), own.WORLD["password"].encode()):
        return None
    person = find(name)
    if person is not None:
        _wrong.pop(person.name, None)
    return person


def check_code(person: Person, code: str) -> bool:
    """Whether the code is right, a period early or late at most, and was not used yet. Raises TooManyGuesses."""
    _charge(person.name)
    now = int(time.time()) // PERIOD
    with _lock:
        for step in (now - 1, now, now + 1):
            right = hmac.compare_digest(person.code_at(step * PERIOD), "".join(code.split()))
            if right and step > _used.get(person.name, 0):
                _used[person.name] = step
                _wrong.pop(person.name, None)
                return True
    return False


def next_code(person: Person) -> str:
    """The code that will be accepted next, for the demo's own page; empty while there is none."""
    now = int(time.time()) // PERIOD
    step = max(now, _used.get(person.name, 0) + 1)
    return person.code_at(step * PERIOD) if step <= now + 1 else ""


def _charge(name: str) -> None:
    """Count an attempt; a right one clears the count (ten wrong ones in five minutes lock)."""
    now = time.monotonic()
    with _lock:
        recent = [at for at in _wrong.get(name, []) if now - at < LOCKED_SECONDS]
        if len(recent) >= MAX_WRONG:
            raise TooManyGuesses
        _wrong[name] = [*recent, now]
