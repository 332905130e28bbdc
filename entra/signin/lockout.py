"""Nobody locks a tenant's administrators out, and whom a policy would lock out is told beforehand."""

from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_network

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from entra.directory.models import DirectoryRole, Tenant, User, UserType
from entra.policy.evaluate import EVERYBODY, AccessPolicy, Attempt, PolicyState, Rules, evaluate, inside
from entra.policy.models import ConditionalAccessPolicy, NamedLocation
from entra.policy.services import rules_of
from entra.signin.foresight import Foreseen, Person, foresee, gets_through, people
from entra.signin.likeness import included, likeness

_ANY_APPLICATION = "any application that no policy names"


class WouldLockOut(Exception):
    """After the change no Global administrator of the tenant could sign in any more."""

    def __init__(self) -> None:
        super().__init__(
            "After this change no Global administrator could sign in any more: each would be blocked, without a "
            "password, or asked for verification with no method registered and none to register. Leave an "
            "administrator out of the rule, or keep an account for emergencies (break glass), which no rule touches."
        )


class Obstacle(StrEnum):
    BLOCKED = "blocked"
    NO_METHOD = "noMethod"
    """Verification would be asked for; no method is registered and none can be."""


@dataclass(frozen=True)
class LockedOut:
    account: User
    obstacle: Obstacle
    code: int


@contextmanager
def keeps_an_administrator(tenant: Tenant) -> Iterator[None]:
    """Undo what is written inside, and raise WouldLockOut, if it locks out the last Global administrator.

    A tenant whose administrators were locked out before may be changed freely: it can only become better.
    """
    with transaction.atomic():
        before = _some_administrator_can(tenant)
        yield
        if before and not _some_administrator_can(tenant):
            raise WouldLockOut


def locked_out_by(policy: ConditionalAccessPolicy) -> list[LockedOut]:
    """Return who can sign in now, and could no more where `policy` applies if it were switched on."""
    tenant, now = Tenant.objects.get(pk=policy.tenant_id), timezone.now()
    rules = rules_of(tenant)
    this = next(one for one in rules.policies if one.id == str(policy.pk))
    where = _where_it_applies(this, now)
    if where is None:
        return []
    off, on = _with_state(rules, this, PolicyState.OFF), _with_state(rules, this, PolicyState.ON)
    alike_under, weighed = likeness(rules, now), dict[Hashable, Foreseen | None]()
    found = []
    for person in people(tenant, _sharing(tenant, included(this, _enabled(tenant)).order_by("user_principal_name"))):
        alike = alike_under(person)
        if alike not in weighed:
            weighed[alike] = _lost(person, tenant, where, off, on)
        if after := weighed[alike]:
            found.append(LockedOut(person.account, _obstacle(after), after.code))
    return found


def _lost(person: Person, tenant: Tenant, where: Attempt, off: Rules, on: Rules) -> Foreseen | None:
    """What the person would meet who gets through under the rules `off`, and not under `on`."""
    after = _foresee(person, tenant, where, on)
    if gets_through(person, after) or not gets_through(person, _foresee(person, tenant, where, off)):
        return None
    return after


def _sharing(tenant: Tenant, accounts: "QuerySet[User]") -> Iterator[User]:
    """The accounts, of which the tenant's own need not read the tenant anew with every row."""
    for account in accounts.select_related(None).select_related("home_account__tenant").iterator(chunk_size=5000):
        account.tenant = tenant
        yield account


def _obstacle(foreseen: Foreseen) -> Obstacle:
    return Obstacle.BLOCKED if foreseen.code == 53003 else Obstacle.NO_METHOD


def _with_state(rules: Rules, policy: AccessPolicy, state: PolicyState) -> Rules:
    changed = replace(policy, state=state)
    return replace(rules, policies=tuple(changed if one is policy else one for one in rules.policies))


def _where_it_applies(policy: AccessPolicy, now: datetime) -> Attempt | None:
    """An application and a network that the policy covers, from a place nobody knows; None if there is none."""
    applications = [one for one in sorted(policy.include_applications) if one not in policy.exclude_applications]
    if not applications or EVERYBODY in policy.exclude_applications:
        return None
    application = _ANY_APPLICATION if EVERYBODY in applications else applications[0]
    for ip in [""] if policy.include_locations is None else _addresses(policy.include_locations):
        if not inside(ip, policy.exclude_locations):
            return Attempt(client_id=application, now=now, ip=ip, known_device=False, known_location=False)
    return None


def _addresses(ranges: Iterable[str]) -> list[str]:
    return [str(ip_network(one, strict=False).network_address) for one in ranges]


def _foresee(person: Person, tenant: Tenant, attempt: Attempt, rules: Rules) -> Foreseen:
    verdict = evaluate(subject=person.subject, attempt=attempt, rules=rules)
    return foresee(facts=person.facts, tenant=tenant, verdict=verdict, now=attempt.now)


def _enabled(tenant: Tenant) -> "QuerySet[User]":
    home_enabled = Q(home_account=None) | Q(home_account__account_enabled=True)
    users = User.objects.filter(home_enabled, tenant=tenant, account_enabled=True)
    return users.select_related("tenant", "home_account__tenant")


def _some_administrator_can(tenant: Tenant) -> bool:
    """Whether a Global administrator gets through from anywhere: the open internet, or a named location.

    Guests do not count: another tenant can take them away.
    """
    administrators = _enabled(tenant).filter(
        user_type=UserType.MEMBER, role_assignments__role=DirectoryRole.GLOBAL_ADMINISTRATOR
    )
    rules, now = rules_of(tenant), timezone.now()
    ranges = [one for place in NamedLocation.objects.filter(tenant=tenant) for one in place.cidr_ranges]
    for person in people(tenant, administrators):
        if not _has_first_factor(person):
            continue
        for ip in ["", *_addresses(ranges)]:
            attempt = Attempt(client_id=_ANY_APPLICATION, now=now, ip=ip, known_device=False, known_location=False)
            if gets_through(person, _foresee(person, tenant, attempt, rules)):
                return True
    return False


def _has_first_factor(person: Person) -> bool:
    """Whether a sign-in can begin. A temporary access pass is gone tomorrow and does not count."""
    return person.facts.federated or person.account.home.has_usable_password()
