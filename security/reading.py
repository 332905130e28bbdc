"""Reads a tenant's directory as an application: each account, and whether MFA is enforced for it (Q2, Q9)."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus

from django.conf import settings

from accounts.enforcement import Account, Enforcement, Foreign, Policy, Rules, enforced
from accounts.users.person import PROPERTIES, AccountClass, Person, person_of
from msgraph.client import GraphClient, GraphRefused, part
from security.access_policies import policy_of
from security.causes.rules import Unread
from security.members import LONG_PAGE, Members, members_of
from security.proofs import Proofs, newest_proofs

logger = logging.getLogger(__name__)
_DEFAULTS = "policies/identitySecurityDefaultsEnforcementPolicy"
_POLICIES = "identity/conditionalAccess/policies"
_REGISTRATIONS = "reports/authenticationMethods/userRegistrationDetails"
_AT_ONCE = 20
_EXTERNAL = "#ext#"
_MFA_ASKED = frozenset({"enabled", "enforced"})


Wanted = Mapping[str, frozenset[str]]
"""Applications besides Partner Center, by the account (in lower case) that is to be weighed for them too."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """`elsewhere`: the same for the applications that were wanted. `unread`: what the directory kept back."""

    person: Person
    registered: bool
    account: Account
    enforcement: Enforcement
    elsewhere: Mapping[str, Enforcement] = field(default_factory=dict)
    unread: frozenset[Unread] = frozenset()

    @property
    def open(self) -> bool:
        """Nothing seen so far enforces MFA, here or at an application that was wanted."""
        return any(one.by is None for one in (self.enforcement, *self.elsewhere.values()))

    def weighed(self, rules: "_Rules", account: Account) -> "Assessed":
        elsewhere = {each: enforced(account, rules.at(each)) for each in self.elsewhere}
        return replace(self, account=account, enforcement=enforced(account, rules.here), elsewhere=elsewhere)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the tenant has switched on, for Partner Center (`here`) and for other applications."""

    here: Rules
    others: Mapping[str, Rules]

    def at(self, application: str) -> Rules:
        return self.others.get(application, self.here)

    @property
    def policies(self) -> tuple[Policy, ...]:
        return (*self.here.policies, *(policy for rules in self.others.values() for policy in rules.policies))

    def knowing(self, proofs: Proofs) -> "_Rules":
        known = {domain: proofs.by_domain.get(domain) for domain in self.here.federated}
        others = {each: replace(rules, federated=known) for each, rules in self.others.items()}
        return _Rules(replace(self.here, federated=known), others)


def assessed_accounts(graph: GraphClient, *, now: datetime, wanted: Wanted | None = None) -> Iterator[Assessed]:
    """Every account of the tenant, page after page. Raises GraphUnavailable, GraphRefused.

    What costs a call for each account is asked last, and only for those that nothing else enforces MFA for: so an
    account under a policy and per-user MFA too is told as under the policy. What the directory keeps back of
    policies, domains, per-user MFA, registrations or sign-ins does not count and is logged; without the users,
    security defaults or the members of a policy's groups there is no answer.
    """
    wanted, unread = wanted or {}, set[Unread]()
    rules = _rules(graph, frozenset[str]().union(*wanted.values()), unread)
    members = members_of(graph, rules.policies)
    registered = _registered(graph, unread)
    waiting = []
    for row in graph.every("users", select=PROPERTIES, top=LONG_PAGE):
        person = person_of(row)
        account = _account(person, members)
        elsewhere = dict.fromkeys(wanted.get(account.id, ()), Enforcement())
        one = Assessed(person, account.id in registered, account, Enforcement(), elsewhere, frozenset(unread))
        one = one.weighed(rules, account)
        if one.open and not account.break_glass:
            waiting.append(one)
        else:
            yield one
    yield from _asked_singly(graph, rules, waiting, now, unread)


def _rules(graph: GraphClient, applications: frozenset[str], unread: set[Unread]) -> _Rules:
    """Security defaults exclude policies and per-user MFA, so with them there is nothing else to read."""
    if graph.get(_DEFAULTS).get("isEnabled") is True:
        return _Rules(Rules(security_defaults=True), {})
    try:
        rows = list(graph.every(_POLICIES))
    except GraphRefused as refused:  # as where no licence for policies is held
        rows = []
        _kept_back(_POLICIES, refused)
        unread.add(Unread.POLICIES)
    federated = dict.fromkeys(_believed_domains(graph, unread))

    def at(application: str) -> Rules:
        found = (policy_of(row, frozenset({application.lower()})) for row in rows)
        return Rules(policies=tuple(policy for policy in found if policy is not None), federated=federated)

    return _Rules(at(settings.OIDC_RP_CLIENT_ID), {each: at(each) for each in sorted(applications)})


def _believed_domains(graph: GraphClient, unread: set[Unread]) -> list[str]:
    """The federated domains whose provider's proof of MFA the directory accepts."""
    try:
        rows = list(graph.every("domains"))
    except GraphRefused as refused:
        unread.add(Unread.DOMAINS)
        return _kept_back("domains", refused)
    names = [str(row.get("id")).lower() for row in rows if row.get("authenticationType") == "Federated"]
    answers = graph.batch([(f"domains/{part(name)}/federationConfiguration", {}) for name in names])
    found = []
    for name, answer in zip(names, answers, strict=True):
        if isinstance(answer, GraphRefused):
            _kept_back(f"the federation of {name}", answer)
            unread.add(Unread.DOMAINS)
        elif all(one.get("federatedIdpMfaBehavior") != "rejectMfaByFederatedIdp" for one in answer.get("value", ())):
            found.append(name)
    return found


def _registered(graph: GraphClient, unread: set[Unread]) -> set[str]:
    try:
        rows = graph.every(_REGISTRATIONS, select="id,isMfaRegistered", top=LONG_PAGE)
        return {str(row.get("id")).lower() for row in rows if row.get("isMfaRegistered") is True}
    except GraphRefused as refused:
        unread.add(Unread.REGISTRATIONS)
        return set(_kept_back(_REGISTRATIONS, refused))


def _account(person: Person, members: Members) -> Account:
    external = _EXTERNAL in person.sign_in_name.lower()
    key = str(person.id)
    return Account(
        id=key,
        domain="" if external else person.sign_in_name.lower().rpartition("@")[2],
        foreign=(Foreign.GUEST if external else Foreign.INTERNAL_GUEST)
        if person.guest
        else (Foreign.MEMBER if external else None),
        groups=members.groups_of(key),
        roles=members.roles_of(key),
        break_glass=person.account_class is AccountClass.BREAK_GLASS,
    )


def _asked_singly(
    graph: GraphClient, rules: _Rules, waiting: list[Assessed], now: datetime, unread: set[Unread]
) -> Iterator[Assessed]:
    enabled = [one.account.id for one in waiting if one.person.enabled]
    per_user = _with_per_user_mfa(graph, enabled, unread)
    believed = rules.here.federated
    federated = frozenset(
        one.account.id for one in waiting if one.account.domain in believed and one.account.id not in per_user
    )
    proofs = _proofs(graph, federated & frozenset(enabled), now, unread)
    known = rules.knowing(proofs)
    for one in waiting:
        key = one.account.id
        account = replace(one.account, per_user=key in per_user, relayed=proofs.by_account.get(key))
        yield replace(one.weighed(known, account), unread=frozenset(unread))


def _with_per_user_mfa(graph: GraphClient, ids: Sequence[str], unread: set[Unread]) -> set[str]:
    """Those of the accounts for whom per-user MFA is enabled or enforced. A directory that tells of nobody is asked
    once."""
    found: set[str] = set()
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        answers = graph.batch([(f"users/{part(one)}/authentication/requirements", {}) for one in some], beta=True)
        told = {one: answer for one, answer in zip(some, answers, strict=True) if not isinstance(answer, GraphRefused)}
        found |= {one for one, answer in told.items() if answer.get("perUserMfaState") in _MFA_ASKED}
        refused = next((answer for answer in answers if isinstance(answer, GraphRefused)), None)
        if refused is not None and refused.status != HTTPStatus.NOT_FOUND:
            _kept_back("per-user MFA", refused)
            unread.add(Unread.PER_USER)
            break
    return found


def _proofs(graph: GraphClient, accounts: frozenset[str], now: datetime, unread: set[Unread]) -> Proofs:
    if not accounts:
        return Proofs()
    try:
        return newest_proofs(graph, accounts=accounts, now=now)
    except GraphRefused as refused:
        _kept_back("sign-ins", refused)
        unread.add(Unread.SIGN_INS)
        return Proofs()


def _kept_back(what: str, refused: GraphRefused) -> list[str]:
    logger.warning("Kept back by the directory, so not counted as enforcing MFA: %s (%s)", what, refused)
    return []
