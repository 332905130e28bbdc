"""Many accounts of one tenant as the rules see them, in a few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from entra.directory.methods import MethodKind
from entra.directory.models import GroupMembership, GroupNesting, RoleAssignment, Tenant, User
from entra.policy.evaluate import PerUserMfaState, Subject
from entra.policy.models import PerUserMfa
from entra.policy.services import subject_by_value


def subjects_of(
    tenant: Tenant, accounts: Collection[User], usable: Mapping[UUID, frozenset[MethodKind]]
) -> dict[UUID, Subject]:
    """Return each account by value. `usable` are the methods by home account (`usable_methods_of`)."""
    ids = [account.pk for account in accounts]
    groups, roles = _groups(tenant, ids), defaultdict(list)
    for user_id, role in RoleAssignment.objects.filter(user__in=ids).values_list("user_id", "role"):
        roles[user_id].append(role)
    states = dict(PerUserMfa.objects.filter(user__in=ids).values_list("user_id", "state"))
    return {
        account.pk: subject_by_value(
            account,
            groups=groups[account.pk],
            roles=roles[account.pk],
            registered=bool(usable.get(account.home.pk)),
            per_user_mfa=PerUserMfaState(states.get(account.pk, PerUserMfaState.DISABLED)),
        )
        for account in accounts
    }


def _groups(tenant: Tenant, ids: Collection[UUID]) -> Mapping[UUID, set[UUID]]:
    """The groups of each account, through nesting too."""
    outer: dict[UUID, list[UUID]] = defaultdict(list)
    for outer_id, inner_id in GroupNesting.objects.filter(inner__tenant=tenant).values_list("outer_id", "inner_id"):
        outer[inner_id].append(outer_id)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for user_id, group_id in GroupMembership.objects.filter(user__in=ids).values_list("user_id", "group_id"):
        found[user_id] |= _closure(group_id, outer)
    return found


def _closure(start: UUID, outer: Mapping[UUID, Iterable[UUID]]) -> set[UUID]:
    found, frontier = {start}, [start]
    while frontier:
        further = [one for one in outer.get(frontier.pop(), ()) if one not in found]
        found.update(further)
        frontier.extend(further)
    return found
