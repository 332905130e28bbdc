"""Guess limits, in the database so that every process and machine counts together (ASVS 6.3.1).

A guess is charged before the secret is looked at and paid back when it was right. Two processes can therefore
never both take "the last guess", and nothing slow happens inside the transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from activity.prepared import Prepared, delete, insert, update
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
        rows = [_row(limit, now) for limit in limits]
        blocked = [row.blocked_until for row in rows if row.blocked_until and row.blocked_until > now]
        if blocked:
            raise TooManyGuesses(max(blocked))
        for row, limit in zip(rows, limits, strict=True):
            row.failures = 1 if now - row.last_at > _FORGET_AFTER else row.failures + 1
            row.last_at = now
            pause = limit.pause(row.failures)
            row.blocked_until = now + pause if pause else None
            update(row, "failures", "last_at", "blocked_until")
    return now


def clear(limit: Limit) -> None:
    """The right secret was given: forget the wrong ones."""
    delete(GuessLimit, limit.key)


def refund(limit: Limit, charged_at: datetime) -> None:
    """Pay back one guess. An address is never cleared whole, or one good account would buy guesses at others."""
    with transaction.atomic(savepoint=False):
        row: GuessLimit | None = _locked.first(limit.key)
        if row and row.failures:
            row.failures -= 1
            if row.last_at == charged_at:  # else the wait is that of a guess made meanwhile
                row.blocked_until = None
            update(row, "failures", "blocked_until")


def forgotten() -> QuerySet[GuessLimit]:
    """Counts that no longer matter, for the daily clearing."""
    now = timezone.now()
    blocked = Q(blocked_until__gt=now)
    return GuessLimit.objects.filter(last_at__lt=now - _FORGET_AFTER).exclude(blocked)


def _row(limit: Limit, now: datetime) -> GuessLimit:
    found: GuessLimit | None = _locked.first(limit.key)
    while found is None:  # and again, where another request has just forgotten it
        insert(GuessLimit(key=limit.key, last_at=now), unless_there=True)
        found = _locked.first(limit.key)
    return found


_locked = Prepared[GuessLimit](lambda key: GuessLimit.objects.select_for_update().filter(pk=key), CharField())
