"""Who holds which directory role, and the guard that keeps a tenant administered."""

from django.db import transaction

from entra.directory import announcements
from entra.directory.administration.audit import DirectoryAction, record
from entra.directory.administration.refusals import Refusal, Refused
from entra.directory.models import DirectoryRole, RoleAssignment, Tenant, User, UserType


def refuse_if_last_administrator(account: User) -> None:
    """Raise Refused when no enabled Global administrator who is a member would remain without this account.

    Called inside the transaction of every act that takes the role or the sign-in away. An account for emergencies
    counts: it is there to let the tenant in again. Guests do not: another tenant can take them away.
    """
    Tenant.objects.select_for_update().get(pk=account.tenant_id)  # two administrators may be removing each other
    able = User.objects.filter(
        tenant_id=account.tenant_id,
        user_type=UserType.MEMBER,
        account_enabled=True,
        role_assignments__role=DirectoryRole.GLOBAL_ADMINISTRATOR,
    )
    if able.filter(pk=account.pk).exists() and not able.exclude(pk=account.pk).exists():
        raise Refused(Refusal.LAST_GLOBAL_ADMINISTRATOR)


@transaction.atomic
def assign_role(*, account: User, role: DirectoryRole, actor: str) -> None:
    """Raises Refused when the account holds the role already."""
    _assignment, created = RoleAssignment.objects.get_or_create(user=account, role=role)
    if not created:
        raise Refused(Refusal.ALREADY_A_MEMBER)
    record(DirectoryAction.ROLE_ASSIGNED, account, actor, role=role.label)
    announcements.claims_changed([account])


@transaction.atomic
def remove_role(*, account: User, role: DirectoryRole, actor: str) -> None:
    """Raises Refused when the account does not hold the role, and for a tenant's last Global administrator."""
    if role is DirectoryRole.GLOBAL_ADMINISTRATOR:
        refuse_if_last_administrator(account)
    gone, _ = RoleAssignment.objects.filter(user=account, role=role).delete()
    if not gone:
        raise Refused(Refusal.NOT_A_MEMBER)
    record(DirectoryAction.ROLE_REMOVED, account, actor, role=role.label)
    announcements.claims_changed([account])
