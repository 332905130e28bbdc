"""Who is asked to register a verification method, and why somebody is not (requirement Q5). Values only."""

from datetime import datetime, timedelta
from enum import StrEnum

from accounts.users.person import AccountClass, Person

AGAIN_AFTER = timedelta(days=7)
"""Whoever was asked is asked again after that, or sooner if the administrator says so, but at most:"""
ONCE_IN = timedelta(days=1)


class LeftOut(StrEnum):
    """In the order in which they are told."""

    GONE = "gone"
    DISABLED = "disabled"
    GUEST = "guest"
    NO_PERSON = "no-person"
    FEDERATED = "federated"
    REGISTERED = "registered"
    UNKNOWN = "unknown"
    NO_ADDRESS = "no-address"
    TODAY = "today"
    RECENTLY = "recently"


def left_out(
    person: Person | None,
    *,
    registered: bool | None,
    federated: bool,
    asked_at: datetime | None,
    now: datetime,
    again: bool,
) -> LeftOut | None:
    """Return the first reason not to ask, None where there is none.

    `person` is None for one that is no longer in the directory, `registered` where the directory does not say;
    `again`: the administrator wants those asked within `AGAIN_AFTER` too.
    """
    if person is None:
        return LeftOut.GONE
    holds = {
        LeftOut.DISABLED: not person.enabled,
        LeftOut.GUEST: person.guest,
        LeftOut.NO_PERSON: person.account_class not in {None, AccountClass.PERSON},
        LeftOut.FEDERATED: federated,
        LeftOut.REGISTERED: registered is True,
        LeftOut.UNKNOWN: registered is None,
        LeftOut.NO_ADDRESS: not person.address,
    }
    found = next((reason for reason, held in holds.items() if held), None)
    return found or _asked_before(asked_at, now, again=again)


def _asked_before(asked_at: datetime | None, now: datetime, *, again: bool) -> LeftOut | None:
    if asked_at is None or now - asked_at >= AGAIN_AFTER:
        return None
    if now - asked_at < ONCE_IN:
        return LeftOut.TODAY
    return None if again else LeftOut.RECENTLY
