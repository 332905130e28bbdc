"""Which security events a change of the directory makes, and for whom (requirement M22).

Each verb that changes an account ends in one of these calls, inside its own transaction. Events of a home account
are also told of its guest accounts: they are the same person, under another name in each tenant.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from entra.directory.models import Group, GroupMembership, GroupNesting, RoleAssignment, Tenant, User
from entra.directory.services import nested_group_ids
from entra.events.kinds import EventType
from entra.events.services import Subject, announce

_AT_ONCE = 500


def claims_changed(accounts: Iterable[User]) -> None:
    """Directory roles or group memberships of these accounts changed: tell what their tokens say from now on."""
    waiting = iter(accounts)
    while some := list(islice(waiting, _AT_ONCE)):
        _lock({account.tenant_id for account in some})
        facts = _claims(some)
        announce(EventType.TOKEN_CLAIMS_CHANGE, [_subject(one, {"claims": facts[one.pk]}) for one in some])


def membership_changed(member: User | Group) -> None:
    """An account or a group was put into a group or taken out of one. Whoever is inside `member` is affected."""
    if isinstance(member, User):
        claims_changed([member])
        return
    _lock({member.tenant_id})
    inside = User.objects.filter(groupmembership__group__in=nested_group_ids(member)).distinct().order_by("pk")
    claims_changed(inside.iterator())


def enabled_or_disabled(account: User) -> None:
    """The account may sign in again, or no longer. A guest account needs its home account to be enabled as well."""
    for one in _person(account):
        enabled = one.account_enabled and one.home.account_enabled
        announce(EventType.ACCOUNT_ENABLED if enabled else EventType.ACCOUNT_DISABLED, [_subject(one)])


def sessions_voided(account: User) -> None:
    """Every session of the account from before now is worth nothing."""
    announce(EventType.SESSION_REVOKED, [_subject(one) for one in _person(account)])


def everybodys_sessions_voided(accounts: Iterable[User]) -> None:
    """The same of many accounts, with a few queries for each 500."""
    waiting = iter(accounts)
    while some := list(islice(waiting, _AT_ONCE)):
        guests = User.objects.filter(home_account__in=some).order_by("pk")
        announce(EventType.SESSION_REVOKED, [_subject(one) for one in (*some, *guests)])


def session_ended(account: User, session_id: UUID) -> None:
    """One browser's session of the account is over; the others go on."""
    announce(EventType.SESSION_REVOKED, [_subject(one, session_id=session_id) for one in _person(account)])


def credential_changed(account: User, *, credential: str, change: str, name: str) -> None:
    """A verification method came or went, in the words of CAEP 1.0 section 3.3.1."""
    facts = {"credential_type": credential, "change_type": change, "friendly_name": name}
    announce(EventType.CREDENTIAL_CHANGE, [_subject(one, facts) for one in _person(account)])


def _person(account: User) -> list[User]:
    return [account, *account.guest_accounts.select_related("home_account").order_by("pk")]


def _subject(account: User, facts: Mapping[str, Any] | None = None, *, session_id: UUID | None = None) -> Subject:
    return Subject(account.tenant_id, account.pk, session_id, facts=facts or {})


def _lock(tenants: set[UUID]) -> None:
    """One change of memberships at a time: of two that overlap the later one must see what the earlier one did."""
    locked = Tenant.objects.select_for_update(no_key=True).filter(pk__in=tenants).order_by("pk")
    list(locked.values_list("pk", flat=True))


def _claims(accounts: list[User]) -> dict[UUID, dict[str, list[str]]]:
    """`groups` and `wids` of each account, as its next ID token says them; a fixed number of queries."""
    memberships = GroupMembership.objects.filter(user__in=accounts).values_list("user_id", "group_id")
    assignments = RoleAssignment.objects.filter(user__in=accounts).values_list("user_id", "role")
    found: dict[UUID, dict[str, set[str]]] = {account.pk: {"groups": set(), "wids": set()} for account in accounts}
    outer = _containers({account.tenant_id for account in accounts})
    for pk, group in memberships:
        found[pk]["groups"] |= {str(one) for one in _reached(group, outer)}
    for pk, role in assignments:
        found[pk]["wids"].add(role)
    return {pk: {name: sorted(values) for name, values in claims.items()} for pk, claims in found.items()}


def _containers(tenants: set[UUID]) -> dict[UUID, set[UUID]]:
    nestings = GroupNesting.objects.filter(inner__tenant__in=tenants)
    outer: dict[UUID, set[UUID]] = {}
    for inner_id, outer_id in nestings.values_list("inner_id", "outer_id"):
        outer.setdefault(inner_id, set()).add(outer_id)
    return outer


def _reached(group: UUID, outer: dict[UUID, set[UUID]]) -> Iterator[UUID]:
    """The group and every group it is inside of; circles do no harm."""
    seen, waiting = {group}, [group]
    while waiting:
        one = waiting.pop()
        yield one
        fresh = outer.get(one, set()) - seen
        seen |= fresh
        waiting.extend(fresh)
