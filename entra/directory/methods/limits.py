"""Guess limits, in the database so that every process and machine counts together (ASVS 6.3.1).

A guess is charged before the secret is looked at and paid back when it was right. Two processes can therefore
never both take "the last guess", and nothing slow happens inside the transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, DateTimeField, F, Q, QuerySet, When
from django.utils import timezone
from django.utils.crypto import salted_hmac

from activity.prepared import Prepared, PreparedUpdate, delete, update
from entra.directory.methods.kinds import MethodKind
from entra.directory.models import GuessLimit, User

_FORGET_AFTER = timedelta(days=1)


class TooManyGuesses(Exception):
    """No further guess is taken before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Limit:
    """What is guessed at. After `free` wrong guesses each one more doubles the wait, from `wait` up to `longest`."""

    subject: str
    free: int
    wait: timedelta
    longest: timedelta

    @property
    def key(self) -> str:
        return salted_hmac("entra.directory.methods.limits", self.subject, algorithm="sha256").hexdigest()

    def pause(self, failures: int) -> timedelta | None:
        over = failures - self.free
        return None if over < 0 else min(self.wait * 2 ** min(over, 20), self.longest)


def password_limit(sign_in_name: str) -> Limit:
    """Counted by the name typed, whether such an account exists or not: the limit tells no more than the form."""
    name = sign_in_name.strip().lower()
    return Limit(f"password {name}", 10, timedelta(seconds=60), timedelta(minutes=15))


def method_limit(account: User, kind: MethodKind) -> Limit:
    """Codes are short, so the wait grows to a day (NIST SP 800-63B-4, 3.2.2: at most 100 guesses in a row)."""
    return Limit(f"{kind} {account.pk}", 5, timedelta(seconds=30), timedelta(days=1))


def address_limit(ip: str) -> Limit:
    """Many names from one address (credential stuffing). Offices share an address, so it is generous."""
    return Limit(f"address {ip}", 100, timedelta(seconds=30), timedelta(hours=1))


def user_code_limit(ip: str) -> Limit:
    """Codes of waiting devices, which are nobody's account: counted by who guesses (RFC 8628 section 5.1)."""
    return Limit(f"user code {ip}", 10, timedelta(seconds=60), timedelta(minutes=15))


def charge(*limits: Limit) -> datetime:
    """Take one guess from each limit; return when. Raises TooManyGuesses, taking none, when one is exhausted."""
    now = timezone.now()
    with transaction.atomic():
        new = [GuessLimit(key=limit.key, failures=1, last_at=now) for limit in limits]
        failures = _taken.or_insert(new, now, now - _FORGET_AFTER, returning="failures")
        if len(failures) < len(new):
            raise TooManyGuesses(max(_waits(row.key, now) for row in new if row.key not in failures))
        for row, limit in zip(new, limits, strict=True):
            if pause := limit.pause(failures[row.key]):
                row.blocked_until = now + pause
                update(row, "blocked_until")
    return now


def clear(limit: Limit) -> None:
    """The right secret was given: forget the wrong ones."""
    delete(GuessLimit, limit.key)


def refund(limit: Limit, charged_at: datetime) -> None:
    """Pay back one guess."""
    _refunded(limit.key, charged_at)


def settle(own: Limit, address: Limit, charged_at: datetime) -> None:
    """The right secret was given: forget the wrong ones at it, and pay one guess back to the address.

    An address is never cleared whole, or one good account would buy guesses at others. Both rows are locked in the
    order in which they were charged, so that nobody waits for each other.
    """
    new = [GuessLimit(key=limit.key, failures=0, last_at=charged_at) for limit in (own, address)]
    _settled.or_insert(new, own.key, charged_at, returning="failures")


def forgotten() -> QuerySet[GuessLimit]:
    """Counts that no longer matter, for the daily clearing."""
    now = timezone.now()
    blocked = Q(blocked_until__gt=now)
    return GuessLimit.objects.filter(last_at__lt=now - _FORGET_AFTER).exclude(blocked)


def _waits(key: str, now: datetime) -> datetime:
    """Until when a limit takes no guess that has just taken none."""
    found = _blocked_until.first(key)
    return found[0] if found and found[0] else now


def _one_taken(now: Any, forgotten: Any) -> "tuple[QuerySet[GuessLimit], dict[str, Any]]":
    open_now = GuessLimit.objects.filter(Q(blocked_until=None) | Q(blocked_until__lte=now))
    further = Case(When(last_at__lt=forgotten, then=1), default=F("failures") + 1)
    return open_now, {"failures": further, "last_at": now, "blocked_until": None}


def _one_back(charged_at: Any) -> dict[str, Any]:
    """What is changed; a wait that began after `charged_at` is that of a guess made meanwhile."""
    waits = Case(When(last_at=charged_at, then=None), default=F("blocked_until"))
    return {"failures": Case(When(failures__gt=0, then=F("failures") - 1), default=0), "blocked_until": waits}


def _both_settled(own: Any, charged_at: Any) -> "tuple[QuerySet[GuessLimit], dict[str, Any]]":
    rest = _one_back(charged_at)
    clean = {"failures": 0, "blocked_until": None}
    changes = {name: Case(When(key=own, then=clean[name]), default=rest[name]) for name in clean}
    return GuessLimit.objects.all(), changes


_taken = PreparedUpdate[GuessLimit](_one_taken, DateTimeField(), DateTimeField())
_refunded = PreparedUpdate[GuessLimit](
    lambda key, charged_at: (GuessLimit.objects.filter(pk=key), _one_back(charged_at)), CharField(), DateTimeField()
)
_settled = PreparedUpdate[GuessLimit](_both_settled, CharField(), DateTimeField())
_blocked_until = Prepared[GuessLimit](
    lambda key: GuessLimit.objects.filter(pk=key).values_list("blocked_until"), CharField()
)
