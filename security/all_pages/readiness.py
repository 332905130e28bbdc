"""What would happen to somebody who is asked for MFA where nobody was asked before. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from accounts.access import Area, Preset, under_preset
from accounts.enforcement import Obstacle, Option

_UNRECOGNIZED = frozenset({Obstacle.CUSTOM_CONTROL.value, Obstacle.FEDERATED_WITHOUT_PROOF.value})


class Readiness(StrEnum):
    BLOCKED = "blocked"
    """A custom control, or a provider that sends no proof: what they use for MFA is not recognized."""
    REGISTER = "register"
    VERIFY = "verify"
    UNKNOWN = "unknown"
    """The last reading of the directory knows no such account."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the last reading found of an account; `enforced_by` and `obstacle` are "" where there is none."""

    registered: bool
    enforced_by: str
    obstacle: str


def readiness_of(standing: Standing | None) -> Readiness:
    """Return what comes first for this account. A registered method verifies whatever else stands in the way."""
    if standing is None:
        return Readiness.UNKNOWN
    if standing.registered:
        return Readiness.VERIFY
    if standing.obstacle in _UNRECOGNIZED:
        return Readiness.BLOCKED
    return Readiness.VERIFY if standing.enforced_by == Option.FEDERATION else Readiness.REGISTER


def newly_asked(areas: Iterable[Area], maximum_age: timedelta | None) -> tuple[Area, ...]:
    """The areas that ask for no MFA under the list of pages and do when all pages are asked for."""
    rows = tuple(areas)
    listed = under_preset(rows, Preset.PAGE_LIST, maximum_age)
    every = under_preset(rows, Preset.ALL_PAGES, maximum_age)
    return tuple(after for before, after in zip(listed, every, strict=True) if after.mfa and not before.mfa)
