"""What is worth an alert: values in, a Finding or None out. No request, no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from security.kinds import AlertKind, Level

PROVIDER = "provider"
"""The actor of role changes that were made at the identity provider, which does not say by whom."""
_MOST_RESOURCES = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """What an alert is made of; see `SecurityAlert` for the fields."""

    kind: AlertKind
    condition: str
    severity: Level
    confidence: Level
    first: datetime
    last: datetime
    observations: int
    resources: tuple[str, ...]
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class History:
    """Where somebody was seen, and when last. `since` is None where nothing is known of them."""

    since: datetime | None = None
    networks: dict[str, datetime] = field(default_factory=dict)
    devices: dict[str, datetime] = field(default_factory=dict)

    def add(self, *, first: datetime, last: datetime, network: str, device: str = "") -> None:
        self.since = first if self.since is None else min(self.since, first)
        for known, name in ((self.networks, network), (self.devices, device)):
            known[name] = max(last, known.get(name, last))


@dataclass(frozen=True, slots=True)
class SignIn:
    """A portal session that was opened. `powerful`: the person holds a role that can change others' access."""

    person: str
    name: str
    network: str
    device: str
    at: datetime
    powerful: bool = False


@dataclass(frozen=True, slots=True)
class AppUse:
    """Calls of one application from one network."""

    application_id: str
    network: str
    first: datetime
    last: datetime
    calls: int


@dataclass(frozen=True, slots=True)
class Limit:
    """`least` within `within` are too many."""

    least: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Moment:
    """One of the things that are counted, and what it touched."""

    at: datetime
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Whose moments are counted: a person, an application, or the provider."""

    key: str
    name: str
    is_application: bool = False


def unusual_sign_in(seen: SignIn, history: History, *, within: timedelta) -> Finding | None:
    """Neither the network nor the kind of browser was seen for this person within that time, and something was."""
    if history.since is None or _known(seen.network, history.networks, seen.at, within):
        return None
    if _known(seen.device, history.devices, seen.at, within):
        return None
    return Finding(
        kind=AlertKind.UNUSUAL_SIGN_IN,
        condition=f"{seen.person} {seen.network}",
        severity=Level.HIGH if seen.powerful else Level.MEDIUM,
        confidence=Level.MEDIUM,
        first=seen.at,
        last=seen.at,
        observations=1,
        resources=(seen.name,),
        details={"person": seen.person, "name": seen.name, "network": seen.network, "device": seen.device},
    )


def new_app_network(use: AppUse, history: History, *, within: timedelta, least: timedelta) -> Finding | None:
    """The application was not used from this network within that time, and has been known for at least `least`."""
    if history.since is None or use.first - history.since < least:
        return None
    if _known(use.network, history.networks, use.first, within):
        return None
    return Finding(
        kind=AlertKind.NEW_APP_NETWORK,
        condition=use.application_id,
        severity=Level.MEDIUM,
        confidence=Level.MEDIUM,
        first=use.first,
        last=use.last,
        observations=use.calls,
        resources=(use.application_id,),
        details={"application": use.application_id, "network": use.network},
    )


def mass_role_change(who: Who, changes: Sequence[Moment], limit: Limit) -> Finding | None:
    """One actor granted or took away that many roles in that time; `changes` in the order of time."""
    return _burst(AlertKind.MASS_ROLE_CHANGE, Level.HIGH, Level.HIGH, who, changes, limit)


def mfa_refusals(who: Who, refusals: Sequence[Moment], limit: Limit) -> Finding | None:
    """Calls of one person or application were refused for lack of MFA that often in that time."""
    return _burst(AlertKind.MFA_REFUSALS, Level.LOW, Level.HIGH, who, refusals, limit)


def refused_step_ups(who: Who, refusals: Sequence[Moment], limit: Limit) -> Finding | None:
    """One person failed to verify that often in that time."""
    return _burst(AlertKind.REFUSED_STEP_UPS, Level.MEDIUM, Level.MEDIUM, who, refusals, limit)


def goes_on(last: datetime, moments: Sequence[Moment], limit: Limit) -> bool:
    """Whether these come close enough after `last` to belong to what was found before."""
    return bool(moments) and moments[0].at - last <= limit.within


def _burst(
    kind: AlertKind, severity: Level, confidence: Level, who: Who, moments: Sequence[Moment], limit: Limit
) -> Finding | None:
    for number, last in enumerate(moments[limit.least - 1 :]):
        if last.at - moments[number].at <= limit.within:
            counted = moments[number:]
            touched = dict.fromkeys(moment.resource for moment in counted if moment.resource)
            return Finding(
                kind=kind,
                condition=who.key,
                severity=severity,
                confidence=confidence,
                first=counted[0].at,
                last=counted[-1].at,
                observations=len(counted),
                resources=(tuple(touched) or (who.name,))[:_MOST_RESOURCES],
                details={"application" if who.is_application else "person": who.key, "name": who.name},
            )
    return None


def _known(name: str, seen: dict[str, datetime], at: datetime, within: timedelta) -> bool:
    return name in seen and at - seen[name] <= within
