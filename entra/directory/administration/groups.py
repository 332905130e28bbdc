"""Who is a member of which group."""

from django.db import transaction

from entra.directory import announcements
from entra.directory.administration.audit import DirectoryAction, record
from entra.directory.administration.refusals import Refusal, Refused
from entra.directory.models import Group, GroupMembership, GroupNesting, Tenant, User
from entra.directory.services import nested_group_ids


@transaction.atomic
def add_member(*, group: Group, member: User | Group, actor: str) -> None:
    """Raises Refused for a member of another tenant, for one that is there already, and for a circle of groups."""
    if member.tenant_id != group.tenant_id:
        raise Refused(Refusal.OTHER_TENANT)
    if isinstance(member, User):
        _row, created = GroupMembership.objects.get_or_create(group=group, user=member)
    else:
        created = _nest(group, member)
    if not created:
        raise Refused(Refusal.ALREADY_A_MEMBER)
    record(DirectoryAction.GROUP_MEMBER_ADDED, group, actor, **_named(member))
    announcements.membership_changed(member)


@transaction.atomic
def remove_member(*, group: Group, member: User | Group, actor: str) -> None:
    """Raises Refused when it is not a direct member."""
    if isinstance(member, User):
        gone, _ = GroupMembership.objects.filter(group=group, user=member).delete()
    else:
        gone, _ = GroupNesting.objects.filter(outer=group, inner=member).delete()
    if not gone:
        raise Refused(Refusal.NOT_A_MEMBER)
    record(DirectoryAction.GROUP_MEMBER_REMOVED, group, actor, **_named(member))
    announcements.membership_changed(member)


def _nest(outer: Group, inner: Group) -> bool:
    Tenant.objects.select_for_update().get(pk=outer.tenant_id)  # two requests may be closing a circle together
    if outer.pk in nested_group_ids(inner):
        raise Refused(Refusal.CIRCULAR_MEMBERSHIP)
    _row, created = GroupNesting.objects.get_or_create(outer=outer, inner=inner)
    return created


def _named(member: User | Group) -> dict[str, str]:
    return {"member": str(member.pk), "name": str(member)}
