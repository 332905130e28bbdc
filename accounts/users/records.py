"""What the portal keeps of a change it made in the directory: projection, audit, mail."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import sessions
from accounts.audit import AccountsAction
from accounts.models import PartnerTenant, PortalSession, User
from accounts.roles import Role
from accounts.users.acts import Act, Change
from accounts.users.assignment import roles_in
from accounts.users.mails import mail_changes
from accounts.users.person import Person
from activity.services import record_audit
from msgraph.client import GraphClient, GraphRefused, GraphUnavailable

_ACTIONS = {
    Act.ADD_ROLE: AccountsAction.ROLE_ASSIGNED,
    Act.REMOVE_ROLE: AccountsAction.ROLE_REMOVED,
    Act.ENABLE: AccountsAction.USER_ENABLED,
    Act.DISABLE: AccountsAction.USER_DISABLED,
    Act.REQUIRE_REGISTRATION: AccountsAction.REGISTRATION_REQUIRED,
    Act.REVOKE_SESSIONS: AccountsAction.SESSIONS_REVOKED,
}
_ENDING = {Act.DISABLE, Act.REQUIRE_REGISTRATION, Act.REVOKE_SESSIONS}


def record(
    *,
    graph: GraphClient,
    tenant: PartnerTenant,
    actor: str,
    person: Person,
    changes: Sequence[Change],
    settle: Callable[[], None],
) -> None:
    """Bring the projection up to date, write one audit record a change, and a mail to the person.

    `settle` is called in the same transaction.
    """
    roles = _roles_now(graph, tenant, person) if any(change.role for change in changes) else None
    now = timezone.now()
    with transaction.atomic():
        for user in _known(tenant, person).select_for_update(of=("self",)):
            _project(user, changes, roles, now)
        for change in changes:
            record_audit(
                action=_ACTIONS[change.act],
                actor=actor,
                tenant_id=tenant.pk,
                subject=person.sign_in_name,
                detail={"user": str(person.id), **({"role": change.role.value} if change.role else {})},
            )
        mail_changes(tenant, person, changes)
        settle()


def _known(tenant: PartnerTenant, person: Person) -> "QuerySet[User]":
    """The person as the portal knows them: nobody, who never signed in."""
    return User.objects.filter(tenant=tenant, oid=str(person.id))


def _roles_now(graph: GraphClient, tenant: PartnerTenant, person: Person) -> frozenset[Role] | None:
    """What the directory says after the change: a role taken here may still come through a nested group."""
    try:
        return roles_in(graph.every(f"users/{person.id}/transitiveMemberOf"), tenant)
    except (GraphUnavailable, GraphRefused):
        return None


def _project(user: User, changes: Iterable[Change], roles: frozenset[Role] | None, now: datetime) -> None:
    held = {role for role in Role if role.value in user.projected_roles}
    for change in changes:
        match change.act:
            case Act.ADD_ROLE | Act.REMOVE_ROLE if change.role is not None:
                held = held | {change.role} if change.act == Act.ADD_ROLE else held - {change.role}
            case Act.ENABLE:
                user.disabled_at = None
            case Act.DISABLE:
                user.disabled_at = user.disabled_at or now
    if roles is not None:
        held = set(roles) | (held & {Role.OPERATOR})
    user.projected_roles = sorted(role.value for role in held)
    if any(change.act in _ENDING for change in changes):
        user.not_before = max(now, user.not_before or now)
        sessions.end_all(PortalSession.objects.filter(user=user))
    user.save(update_fields=["projected_roles", "disabled_at", "not_before"])
