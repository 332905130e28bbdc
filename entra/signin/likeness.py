"""Many people weighed at the cost of a few: whom a policy can meet at all, and who are alike for every rule."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from entra.directory.models import GroupMembership, GroupNesting, RoleAssignment, User, UserType
from entra.policy.evaluate import EVERYBODY, REGISTRATION_PERIOD, AccessPolicy, Rules
from entra.signin.foresight import Person

_ANYBODY = UUID(int=0)


def included(policy: AccessPolicy, accounts: "QuerySet[User]") -> "QuerySet[User]":
    """Those of `accounts` whom the policy is for. Whom it leaves out again is for `evaluate` to say."""
    if EVERYBODY in policy.include_users:
        return accounts
    members = GroupMembership.objects.filter(group__in=_with_nested(_ids(policy.include_groups)))
    holders = RoleAssignment.objects.filter(role__in=policy.include_roles)
    met = Q(pk__in=_ids(policy.include_users)) | Q(pk__in=members.values("user")) | Q(pk__in=holders.values("user"))
    return accounts.filter(met | Q(user_type=UserType.GUEST) if policy.include_guests else met)


def likeness(rules: Rules, now: datetime) -> Callable[[Person], Hashable]:
    """Return what is equal for two people whom the rules and the decision after the first factor cannot tell apart.

    Whatever is not taken away here counts, so that what people may come to differ in keeps them apart by itself.
    """
    named = frozenset(one for policy in rules.policies for one in policy.include_users | policy.exclude_users)
    groups = frozenset(one for policy in rules.policies for one in policy.include_groups | policy.exclude_groups)
    since = rules.security_defaults_since

    def of(person: Person) -> Hashable:
        subject, facts = person.subject, person.facts
        return (
            replace(
                subject,
                user_id=subject.user_id if subject.user_id in named else "",
                group_ids=subject.group_ids & groups,
                created_at=None,
            ),
            since is not None and now < max(since, subject.created_at or since) + REGISTRATION_PERIOD,
            replace(
                facts,
                account_id=_ANYBODY,
                resource_oid=_ANYBODY if facts.resource_oid else None,
                # Proofs are those of this moment: what was revoked before is not among them.
                valid_from=facts.valid_from if facts.valid_from and facts.valid_from > now else None,
            ),
            person.token_waits,
        )

    return of


def _with_nested(groups: Iterable[UUID]) -> set[UUID]:
    """The groups and all that are inside them, directly or through nesting."""
    found = frontier = set(groups)
    while frontier:
        inner = GroupNesting.objects.filter(outer__in=frontier).values_list("inner_id", flat=True)
        frontier = set(inner) - found
        found = found | frontier
    return found


def _ids(texts: Iterable[str]) -> list[UUID]:
    """Policies hold ids as text; a text that is none names nobody."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
