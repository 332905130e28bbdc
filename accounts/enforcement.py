"""Whether MFA is enforced for an account, by which option, and what stands against it (requirements Q2, Q9).

Values only: what a directory answers is turned into them elsewhere. What is not known never counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Option(StrEnum):
    """The ways to enforce MFA that count (Q9)."""

    PER_USER = "per-user"
    SECURITY_DEFAULTS = "security-defaults"
    CONDITIONAL_ACCESS = "conditional-access"
    FEDERATION = "federation"

    @property
    def label(self) -> Promise:
        return _OPTIONS[self]


_OPTIONS = {
    Option.PER_USER: _("Per-user MFA"),
    Option.SECURITY_DEFAULTS: _("Security defaults"),
    Option.CONDITIONAL_ACCESS: _("Conditional access"),
    Option.FEDERATION: _("Federation that relays the proof"),
}


class Obstacle(StrEnum):
    """Why MFA is not enforced for an account, nearest to being enforced first."""

    EXCLUDED = "excluded"
    CONDITIONAL = "conditional"
    REPORT_ONLY = "report-only"
    FEDERATED_WITHOUT_PROOF = "federated-without-proof"
    CUSTOM_CONTROL = "custom-control"
    NOTHING = "nothing"

    @property
    def label(self) -> Promise:
        return _OBSTACLES[self]


_OBSTACLES = {
    Obstacle.EXCLUDED: _("Excluded from the policy"),
    Obstacle.CONDITIONAL: _("The policy asks under conditions only"),
    Obstacle.REPORT_ONLY: _("The policy only reports"),
    Obstacle.FEDERATED_WITHOUT_PROOF: _("The organization's own provider sends no proof of MFA"),
    Obstacle.CUSTOM_CONTROL: _("A custom control, which never counts as MFA"),
    Obstacle.NOTHING: _("No option is switched on for the account"),
}


class Foreign(StrEnum):
    """How an account that is not an ordinary member stands in the tenant, by Graph's names."""

    INTERNAL_GUEST = "internalGuest"
    GUEST = "b2bCollaborationGuest"
    MEMBER = "b2bCollaborationMember"


@dataclass(frozen=True, slots=True)
class Account:
    """One account. Ids are text; `groups` and `roles` (template ids) need to hold only those that policies name."""

    id: str
    domain: str = ""
    """The domain it signs in at; empty for one that signs in at another organization."""
    foreign: Foreign | None = None
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    break_glass: bool = False
    """For emergencies: the provider asks it for nothing, whatever the rules say."""
    per_user: bool = False
    """Per-user MFA is enabled or enforced."""
    relayed: bool | None = None
    """Whether its newest federated sign-in carried the proof of MFA; None where no such sign-in is known."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom one side of a policy names."""

    everybody: bool = False
    users: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    foreign: frozenset[Foreign] = frozenset()

    def covers(self, account: Account) -> bool:
        return (
            self.everybody
            or account.id in self.users
            or account.foreign in self.foreign
            or bool(account.groups & self.groups)
            or bool(account.roles & self.roles)
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """A conditional access policy for Partner Center that is switched on, or reports, and demands a second factor."""

    name: str
    include: Scope
    exclude: Scope = Scope()
    custom_control: bool = False
    """It is met by a custom control, which never counts (V9)."""
    conditional: bool = False
    """It asks under some conditions only, or takes something else than MFA instead."""
    report_only: bool = False
    id: str = field(default="", compare=False)

    def obstacle(self, account: Account) -> Obstacle | None:
        """What keeps it from enforcing MFA for an account that it includes. Of several all have to go, so it is the
        farthest one."""
        against = {
            Obstacle.EXCLUDED: self.exclude.covers(account),
            Obstacle.CONDITIONAL: self.conditional,
            Obstacle.REPORT_ONLY: self.report_only,
            Obstacle.CUSTOM_CONTROL: self.custom_control,
        }
        return max((one for one, met in against.items() if met), key=_DISTANCE.__getitem__, default=None)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a tenant has switched on. `federated` holds the domains whose provider's proof is believed, each with
    whether the newest federated sign-in of the domain carried it (None: no such sign-in is known)."""

    security_defaults: bool = False
    policies: tuple[Policy, ...] = ()
    federated: Mapping[str, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enforcement:
    """`by` and `obstacle`: one of the two. `policy` is the name of the conditional access policy behind it, if any."""

    by: Option | None = None
    obstacle: Obstacle | None = None
    policy: str = ""
    policy_id: str = field(default="", compare=False)


_DISTANCE = {obstacle: number for number, obstacle in enumerate(Obstacle)}


def enforced(account: Account, rules: Rules) -> Enforcement:
    """Return the first option that enforces MFA for the account, else the obstacle nearest to being enforced (Q9)."""
    found = _by_the_rules(account, rules)
    if account.break_glass and found.by is not None:
        return Enforcement(obstacle=Obstacle.EXCLUDED, policy=found.policy, policy_id=found.policy_id)
    return found


def _by_the_rules(account: Account, rules: Rules) -> Enforcement:
    if account.per_user:
        return Enforcement(Option.PER_USER)
    if rules.security_defaults:
        return Enforcement(Option.SECURITY_DEFAULTS)
    met = [(policy.obstacle(account), policy) for policy in rules.policies if policy.include.covers(account)]
    for obstacle, policy in met:
        if obstacle is None:
            return Enforcement(Option.CONDITIONAL_ACCESS, policy=policy.name, policy_id=policy.id)
    against = [(obstacle, policy.name, policy.id) for obstacle, policy in met if obstacle is not None]
    if account.domain in rules.federated:
        if rules.federated[account.domain] if account.relayed is None else account.relayed:
            return Enforcement(Option.FEDERATION)
        against.append((Obstacle.FEDERATED_WITHOUT_PROOF, "", ""))
    nearest, name, policy_id = min(against, key=lambda one: _DISTANCE[one[0]], default=(Obstacle.NOTHING, "", ""))
    return Enforcement(obstacle=nearest, policy=name, policy_id=policy_id)
