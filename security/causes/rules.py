"""Why somebody could do something without MFA, and whether that can still happen (requirement Q5).

Values only: what the directory, the sign-in log and the operation log say is turned into `Facts` elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from accounts.enforcement import Obstacle, Option
from activity.models import Channel

AT_ONCE = timedelta(minutes=10)
"""A token is issued so soon after the sign-in that it is for; later ones come of a refresh token."""


class Cause(StrEnum):
    """In the order in which they are told. Each has one fix (`security.causes.words`)."""

    NOT_REGISTERED = "not-registered"
    NOT_ENFORCED = "not-enforced"
    EXCLUDED = "excluded"
    CONDITION_NOT_MET = "condition-not-met"
    REPORT_ONLY = "report-only"
    DEFAULTS_WAITING = "defaults-waiting"
    DEFAULTS_NOT_RISKY = "defaults-not-risky"
    FEDERATED_WITHOUT_PROOF = "federated-without-proof"
    CUSTOM_CONTROL = "custom-control"
    LEGACY = "legacy"
    GRANT_WITHOUT_MFA = "grant-without-mfa"
    UNKNOWN = "unknown"
    TAIL = "tail"
    """It cannot happen any more; what was done before leaves the window by itself."""


class Unread(StrEnum):
    """What a directory may keep back, so that nothing follows from its not having been seen."""

    POLICIES = "policies"
    DOMAINS = "domains"
    PER_USER = "per-user"
    REGISTRATIONS = "registrations"
    SIGN_INS = "sign-ins"


class Defaults(StrEnum):
    """What security defaults came to in a sign-in."""

    WAITING = "registrationPeriod"
    NOT_RISKY = "notRisky"


class Condition(StrEnum):
    """Which condition of a policy was not met."""

    LOCATION = "location"
    APPLICATION = "application"
    PLATFORM = "platform"
    CLIENT = "client"
    DEVICE = "device"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """The account as the reading just made found it, for the application in question."""

    enabled: bool = True
    registered: bool = False
    by: Option | None = None
    obstacle: Obstacle | None = None
    policy: str = ""
    policy_id: str = ""
    elsewhere: str = ""
    """The policy that enforces MFA for Partner Center, where nothing does for the application in question."""
    break_glass: bool = False


@dataclass(frozen=True, slots=True)
class SignInFacts:
    """A sign-in without MFA that succeeded."""

    at: datetime
    id: str = ""
    correlation_id: str = ""
    legacy: bool = False
    defaults: Defaults | None = None
    waits_until: datetime | None = None
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    """By policy, for each that took no part: the condition that was not met."""


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """The token of the last API request without MFA."""

    issued_at: datetime | None = None
    auth_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person at one application in one channel.

    `account` is None for one that is no longer in the directory. `refused_since`: a password of this person was turned
    away there after `sign_in`; `with_mfa_since`: the newest operation carried MFA.
    """

    channel: Channel
    account: AccountFacts | None
    sign_in: SignInFacts | None = None
    token: TokenFacts | None = None
    refused_since: bool = False
    with_mfa_since: bool = False
    unread: frozenset[Unread] = frozenset()

    @property
    def legacy(self) -> bool:
        return self.sign_in is not None and self.sign_in.legacy

    @property
    def grant_lives_on(self) -> bool:
        """The token was not issued for a sign-in but for a grant made before it (S8)."""
        if self.token is None or self.token.issued_at is None or Unread.SIGN_INS in self.unread:
            return False
        signed_in = self.sign_in.at if self.sign_in else None
        known = [at for at in (self.token.auth_time, signed_in) if at is not None]
        return not known or self.token.issued_at - max(known) > AT_ONCE


_ALWAYS_ASKING = frozenset({Option.PER_USER, Option.CONDITIONAL_ACCESS})
"""They ask at each sign-in, refuse passwords sent by applications, and refuse grants made without MFA."""
_OF_OBSTACLES = {
    Obstacle.EXCLUDED: Cause.EXCLUDED,
    Obstacle.CONDITIONAL: Cause.CONDITION_NOT_MET,
    Obstacle.REPORT_ONLY: Cause.REPORT_ONLY,
    Obstacle.FEDERATED_WITHOUT_PROOF: Cause.FEDERATED_WITHOUT_PROOF,
    Obstacle.CUSTOM_CONTROL: Cause.CUSTOM_CONTROL,
}
_NEEDED = frozenset({Unread.POLICIES, Unread.DOMAINS, Unread.PER_USER})


def cause_of(facts: Facts) -> Cause:
    """Return the first cause that holds: what is over before what goes on, the way in before the rules for it."""
    account = facts.account
    if account is None or not account.enabled or account.by in _ALWAYS_ASKING:
        return Cause.TAIL
    if facts.legacy and account.by is None and not (facts.refused_since or facts.with_mfa_since):
        return Cause.LEGACY
    if facts.grant_lives_on:
        return Cause.TAIL if facts.with_mfa_since else Cause.GRANT_WITHOUT_MFA
    if facts.legacy or account.by is Option.FEDERATION:
        return Cause.TAIL
    if account.by is Option.SECURITY_DEFAULTS:
        return _under_defaults(facts, account)
    return _not_enforced(facts, account)


def _under_defaults(facts: Facts, account: AccountFacts) -> Cause:
    seen = facts.sign_in.defaults if facts.sign_in else None
    if seen is Defaults.NOT_RISKY:
        return Cause.DEFAULTS_NOT_RISKY
    if Unread.REGISTRATIONS in facts.unread:
        return Cause.DEFAULTS_WAITING if seen is Defaults.WAITING else Cause.UNKNOWN
    if not account.registered:
        return Cause.DEFAULTS_WAITING
    return Cause.TAIL if seen is Defaults.WAITING else Cause.DEFAULTS_NOT_RISKY


def _not_enforced(facts: Facts, account: AccountFacts) -> Cause:
    if account.obstacle in _OF_OBSTACLES:
        return _OF_OBSTACLES[account.obstacle]
    if account.elsewhere:
        return Cause.CONDITION_NOT_MET
    if facts.unread & _NEEDED or (facts.channel is Channel.APP_AND_USER and Unread.SIGN_INS in facts.unread):
        return Cause.UNKNOWN
    return Cause.NOT_ENFORCED if account.registered or Unread.REGISTRATIONS in facts.unread else Cause.NOT_REGISTERED


def condition_of(facts: Facts) -> Condition | None:
    """Which condition of the policy was not met; None where the sign-in does not say."""
    account = facts.account
    if account is None:
        return None
    if account.elsewhere:
        return Condition.APPLICATION
    return facts.sign_in.conditions.get(account.policy) if facts.sign_in else None
