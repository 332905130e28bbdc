"""What a tenant's policies demand of one sign-in: pure values in, a verdict and its reasons out (V12, V13).

The rules are those of the *resource* tenant: a guest is weighed by the tenant that will name `tid` in the token.
An account for emergencies (break glass) is outside every rule, so that no mistake in a policy locks a tenant out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

REGISTRATION_PERIOD = timedelta(days=14)
EVERYBODY = "all"


class PerUserMfaState(StrEnum):
    DISABLED = "disabled"
    ENABLED = "enabled"
    ENFORCED = "enforced"


class PolicyState(StrEnum):
    ON = "on"
    REPORT_ONLY = "reportOnly"
    OFF = "off"


class Grant(StrEnum):
    MFA = "mfa"
    BLOCK = "block"
    CUSTOM_CONTROL = "customControl"


class Why(StrEnum):
    """Reason keys of the trace. The report of accounts without enforced MFA reads them (Q5)."""

    APPLIES = "applies"
    ADMINISTRATOR = "administrator"
    RISKY = "risky"
    NOT_RISKY = "notRisky"
    REGISTRATION_PERIOD = "registrationPeriod"
    REGISTRATION_OVERDUE = "registrationOverdue"
    BREAK_GLASS = "breakGlass"
    OFF = "off"
    REPORT_ONLY = "reportOnly"
    NOT_INCLUDED = "notIncluded"
    EXCLUDED = "excluded"
    APPLICATION_NOT_INCLUDED = "applicationNotIncluded"
    APPLICATION_EXCLUDED = "applicationExcluded"
    LOCATION_NOT_INCLUDED = "locationNotIncluded"
    LOCATION_EXCLUDED = "locationExcluded"


@dataclass(frozen=True)
class Weighed:
    """One rule that was weighed, for the trace: `applies` says whether it took part, `why` is a stable reason key."""

    rule: str
    applies: bool
    why: str
    policy: "AccessPolicy | None" = field(default=None, compare=False, repr=False)
    """The conditional access policy behind the rule."""


@dataclass(frozen=True)
class Verdict:
    """The sum of all rules. `mfa` and `custom_controls` may both be demanded; `block` overrides everything."""

    block: bool = False
    mfa: bool = False
    custom_controls: tuple[str, ...] = ()
    register_by: datetime | None = None
    """Security defaults: registration may wait until then, and until then there is no challenge (V12)."""
    weighed: tuple[Weighed, ...] = ()

    def with_policy(self, policy: "AccessPolicy") -> "Verdict":
        """The verdict as if `policy`, whose conditions are met, took part: what report-only would have changed."""
        mfa = self.mfa or policy.grant is Grant.MFA
        controls = (policy.custom_control,) if policy.grant is Grant.CUSTOM_CONTROL else ()
        return replace(
            self,
            block=self.block or policy.grant is Grant.BLOCK,
            mfa=mfa,
            custom_controls=tuple(dict.fromkeys((*self.custom_controls, *controls))),
            register_by=None if mfa else self.register_by,
        )


@dataclass(frozen=True)
class Subject:
    """The account in the resource tenant, by value. Ids are text."""

    user_id: str
    group_ids: frozenset[str] = frozenset()
    role_ids: frozenset[str] = frozenset()
    """Template ids of its directory roles."""
    guest: bool = False
    administrator: bool = False
    break_glass: bool = False
    registered: bool = False
    """Some verification method is confirmed, so a challenge can be answered now."""
    created_at: datetime | None = None
    per_user_mfa: PerUserMfaState = PerUserMfaState.DISABLED


@dataclass(frozen=True)
class Attempt:
    """The sign-in being weighed."""

    client_id: str
    now: datetime
    ip: str = ""
    known_device: bool = True
    known_location: bool = True
    legacy: bool = False
    """A protocol that cannot show a page, such as the password grant (V14)."""


@dataclass(frozen=True)
class AccessPolicy:
    """One conditional access policy by value. Location lists hold CIDR ranges; None means every location."""

    name: str
    grant: Grant
    state: PolicyState = PolicyState.ON
    include_users: frozenset[str] = frozenset()
    exclude_users: frozenset[str] = frozenset()
    include_groups: frozenset[str] = frozenset()
    exclude_groups: frozenset[str] = frozenset()
    include_roles: frozenset[str] = frozenset()
    exclude_roles: frozenset[str] = frozenset()
    include_guests: bool = False
    exclude_guests: bool = False
    include_applications: frozenset[str] = frozenset()
    exclude_applications: frozenset[str] = frozenset()
    include_locations: tuple[str, ...] | None = None
    exclude_locations: tuple[str, ...] = ()
    custom_control: str = ""
    id: str = ""


@dataclass(frozen=True)
class Rules:
    """Everything a tenant has switched on."""

    security_defaults_since: datetime | None = None
    blocks_legacy_authentication: bool = False
    policies: tuple[AccessPolicy, ...] = ()


def evaluate(*, subject: Subject, attempt: Attempt, rules: Rules) -> Verdict:
    """Return what `rules` demand of this attempt, and which rule did or did not take part and why."""
    if subject.break_glass:
        return Verdict(weighed=(Weighed("everything", applies=False, why=Why.BREAK_GLASS),))
    weighed: list[Weighed] = []
    mfa = _per_user(subject, weighed)
    defaults_mfa, register_by = _security_defaults(subject, attempt, rules.security_defaults_since, weighed)
    granted = [policy for policy in rules.policies if _takes_part(policy, subject, attempt, weighed)]
    mfa = mfa or defaults_mfa or any(policy.grant is Grant.MFA for policy in granted)
    return Verdict(
        block=_legacy_blocked(attempt, rules, weighed) or any(policy.grant is Grant.BLOCK for policy in granted),
        mfa=mfa,
        custom_controls=tuple(
            dict.fromkeys(policy.custom_control for policy in granted if policy.grant is Grant.CUSTOM_CONTROL)
        ),
        register_by=None if mfa else register_by,
        weighed=tuple(weighed),
    )


def _per_user(subject: Subject, weighed: list[Weighed]) -> bool:
    applies = subject.per_user_mfa is not PerUserMfaState.DISABLED
    weighed.append(Weighed("perUserMfa", applies=applies, why=Why.APPLIES if applies else Why.OFF))
    return applies


def _security_defaults(
    subject: Subject, attempt: Attempt, since: datetime | None, weighed: list[Weighed]
) -> tuple[bool, datetime | None]:
    """Return whether to challenge now, and until when registration may still wait."""
    if since is None:
        weighed.append(Weighed("securityDefaults", applies=False, why=Why.OFF))
        return False, None
    deadline = max(since, subject.created_at or since) + REGISTRATION_PERIOD
    waits = not subject.registered and not subject.administrator and attempt.now < deadline
    if subject.administrator:
        applies, why = True, Why.ADMINISTRATOR
    elif waits:
        applies, why = False, Why.REGISTRATION_PERIOD
    elif not subject.registered:
        applies, why = True, Why.REGISTRATION_OVERDUE
    elif attempt.known_device and attempt.known_location:
        applies, why = False, Why.NOT_RISKY
    else:
        applies, why = True, Why.RISKY
    weighed.append(Weighed("securityDefaults", applies=applies, why=why))
    return applies, deadline if waits else None


def _legacy_blocked(attempt: Attempt, rules: Rules, weighed: list[Weighed]) -> bool:
    """Security defaults block protocols that cannot do MFA, as does the tenant's own switch (V14)."""
    if not attempt.legacy:
        return False
    applies = rules.blocks_legacy_authentication or rules.security_defaults_since is not None
    weighed.append(Weighed("legacyAuthentication", applies=applies, why=Why.APPLIES if applies else Why.OFF))
    return applies


def _takes_part(policy: AccessPolicy, subject: Subject, attempt: Attempt, weighed: list[Weighed]) -> bool:
    why = next((why for why, met in _obstacles(policy, subject, attempt) if met), Why.APPLIES)
    weighed.append(Weighed(f"policy:{policy.name}", applies=why is Why.APPLIES, why=why, policy=policy))
    return why is Why.APPLIES


def _obstacles(policy: AccessPolicy, subject: Subject, attempt: Attempt) -> Iterable[tuple[Why, bool]]:
    """Yield what keeps the policy out, most telling first; report-only comes last, as it names who would be met."""
    yield Why.OFF, policy.state is PolicyState.OFF
    yield (
        Why.EXCLUDED,
        bool({EVERYBODY, subject.user_id} & policy.exclude_users)
        or bool(subject.group_ids & policy.exclude_groups)
        or bool(subject.role_ids & policy.exclude_roles)
        or (subject.guest and policy.exclude_guests),
    )
    yield (
        Why.NOT_INCLUDED,
        not (
            {EVERYBODY, subject.user_id} & policy.include_users
            or subject.group_ids & policy.include_groups
            or subject.role_ids & policy.include_roles
            or (subject.guest and policy.include_guests)
        ),
    )
    yield Why.APPLICATION_EXCLUDED, bool({EVERYBODY, attempt.client_id} & policy.exclude_applications)
    yield Why.APPLICATION_NOT_INCLUDED, not {EVERYBODY, attempt.client_id} & policy.include_applications
    yield Why.LOCATION_EXCLUDED, inside(attempt.ip, policy.exclude_locations)
    included = policy.include_locations
    yield Why.LOCATION_NOT_INCLUDED, included is not None and not inside(attempt.ip, included)
    yield Why.REPORT_ONLY, policy.state is PolicyState.REPORT_ONLY


def inside(ip: str, ranges: tuple[str, ...]) -> bool:
    """Whether the address is in one of the CIDR ranges. An unknown address is in none."""
    if not ip:
        return False
    address = ip_address(ip)
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped or address) in ip_network(one, strict=False) for one in ranges)
