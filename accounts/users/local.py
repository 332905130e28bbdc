"""Roles assigned in the portal, for providers that keep none (M21). The directory's roles are not touched here."""

from collections.abc import Iterable

from django.db import transaction

from accounts.audit import AccountsAction
from accounts.models import PartnerTenant, User
from accounts.roles import PARTNER_ROLES, Role
from accounts.users.acts import Act, Change
from accounts.users.assignment import AGENT_ROLES
from accounts.users.mails import mail_local_changes
from activity.services import record_audit


class LastAdministrator(Exception):
    """Without this person nobody enabled would be Global admin any more."""


class NotYours(Exception):
    """An Admin agent gives and takes the three agent roles only (M8)."""


def assignable_roles(by: frozenset[Role]) -> list[Role]:
    """The roles that somebody with these roles may assign here."""
    if Role.GLOBAL_ADMIN in by:
        return [role for role in Role if role in PARTNER_ROLES]
    return list(AGENT_ROLES) if Role.ADMIN_AGENT in by else []


@transaction.atomic
def assign_local_roles(*, user: User, roles: Iterable[Role], by: frozenset[Role], actor: str) -> list[Change]:
    """Make these the roles assigned here. Returns what changed. Raises LastAdministrator, NotYours."""
    tenant = PartnerTenant.objects.select_for_update().get(pk=user.tenant_id)  # two may be removing each other
    stored = User.objects.select_for_update().get(pk=user.pk)
    before, after = {role for role in Role if role.value in stored.local_roles}, set(roles)
    if (before ^ after) - set(assignable_roles(by)):
        raise NotYours
    stored.local_roles = sorted(role.value for role in after)
    if Role.GLOBAL_ADMIN in before - after and not _administrators(tenant, stored):
        raise LastAdministrator
    stored.save(update_fields=["local_roles"])
    changes = [
        Change(Act.ADD_ROLE if role in after else Act.REMOVE_ROLE, role) for role in Role if role in before ^ after
    ]
    for change in changes:
        _audit(change, stored, actor)
    if changes:
        mail_local_changes(stored, changes)
    return changes


def _administrators(tenant: PartnerTenant, changed: User) -> bool:
    """Whether somebody enabled is Global admin, by the provider's word or by assignment, with the change made."""
    others = User.objects.filter(tenant=tenant, disabled_at=None).exclude(pk=changed.pk)
    people = [changed, *others] if changed.is_active else others
    return any(Role.GLOBAL_ADMIN.value in [*user.projected_roles, *user.local_roles] for user in people)


def _audit(change: Change, user: User, actor: str) -> None:
    record_audit(
        action=AccountsAction.ROLE_ASSIGNED if change.act is Act.ADD_ROLE else AccountsAction.ROLE_REMOVED,
        actor=actor,
        tenant_id=user.tenant_id,
        subject=user.user_principal_name or user.display_name,
        detail={"user": user.subject, "role": change.role.value if change.role else "", "assigned": "here"},
    )
