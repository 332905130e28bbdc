"""Groups: read them, their members and owners; change who is a member."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from entra.apps.permissions import GraphPermission as P
from entra.directory.administration.groups import add_member, remove_member
from entra.directory.models import Group, GroupMembership, User
from entra.directory.services import group_ids, nested_group_ids, owns
from entra.graph.bodies import guarded
from entra.graph.errors import GraphError
from entra.graph.filters import Field
from entra.graph.odata import collection, mixed, read, selected
from entra.graph.operation import Answer, Call, Need, Operation
from entra.graph.operations.users import FIELDS as USER_FIELDS
from entra.graph.operations.users import sees_itself_only, user_shape, visible_users
from entra.graph.references import find_object, referenced

WRITE = frozenset({P.GROUP_MEMBER_READ_WRITE_ALL, P.DIRECTORY_ACCESS_AS_USER})
READ = WRITE | {P.GROUP_READ_ALL, P.GROUP_MEMBER_READ_ALL}
FIELDS = {"id": Field("pk", UUID), "displayName": Field("display_name")}
USER_TYPE, GROUP_TYPE = "#microsoft.graph.user", "#microsoft.graph.group"


def group_shape(group: Group) -> dict[str, Any]:
    """Every group is a security group; none receives mail."""
    return {
        "id": str(group.pk),
        "displayName": group.display_name,
        "securityEnabled": True,
        "mailEnabled": False,
        "groupTypes": [],
    }


def visible_groups(call: Call) -> "QuerySet[Group]":
    """The groups of the caller's tenant; a guest sees those it is in."""
    groups = Group.objects.filter(tenant=call.caller.tenant)
    account = call.caller.account
    return groups.filter(pk__in=group_ids(account)) if account is not None and sees_itself_only(call) else groups


def find_group(call: Call) -> Group:
    """The visible group that the path names. Raises GraphError (404)."""
    name = call.parts["group"]
    try:
        found = visible_groups(call).filter(pk=UUID(name)).first()
    except ValueError:
        found = None
    if found is None:
        raise GraphError.not_found(name)
    return found


def list_groups(call: Call) -> Answer:
    return collection(call.request, read(call.request, FIELDS), visible_groups(call), group_shape)


def get_group(call: Call) -> Answer:
    return selected(group_shape(find_group(call)), read(call.request, FIELDS).select)


def list_members(call: Call) -> Answer:
    users, groups = _members(call)
    return users_and_groups(call, users, groups)


def list_member_users(call: Call) -> Answer:
    users, _groups = _members(call)
    return collection(call.request, read(call.request, USER_FIELDS), users, user_shape)


def list_member_groups(call: Call) -> Answer:
    _users, groups = _members(call)
    return collection(call.request, read(call.request, FIELDS), groups, group_shape)


def list_transitive_members(call: Call) -> Answer:
    inside = nested_group_ids(find_group(call))
    groups = visible_groups(call).filter(pk__in=inside - {UUID(call.parts["group"])})
    return users_and_groups(call, _users_in(call, inside), groups)


def list_transitive_member_users(call: Call) -> Answer:
    users = _users_in(call, nested_group_ids(find_group(call)))
    return collection(call.request, read(call.request, USER_FIELDS), users, user_shape)


def list_owners(call: Call) -> Answer:
    """The people in the group that owns this one."""
    owning = find_group(call).owned_by
    users = _users_in(call, nested_group_ids(owning)) if owning else User.objects.none()
    return users_and_groups(call, users, Group.objects.none())


def add_group_member(call: Call) -> Answer:
    group = _writable_group(call)
    member = referenced(call)
    with guarded(call.caller.tenant):
        add_member(group=group, member=member, actor=call.caller.actor)
    return None


def remove_group_member(call: Call) -> Answer:
    group = _writable_group(call)
    member = find_object(call, call.parts["member"])
    with guarded(call.caller.tenant):
        remove_member(group=group, member=member, actor=call.caller.actor)
    return None


def users_and_groups(call: Call, users: "QuerySet[User]", groups: "QuerySet[Group]") -> dict[str, Any]:
    """A collection of both: users page by page, and the groups behind the last of them.

    A filter is over the properties of users, so that no group meets it.
    """
    query = read(call.request, USER_FIELDS)
    page = collection(call.request, query, users, user_shape)
    page["value"] = [{"@odata.type": USER_TYPE, **row} for row in page["value"]]
    if "$filter" in call.request.GET:
        return page
    if query.count:
        page["@odata.count"] += groups.count()
    if "@odata.nextLink" not in page:
        shapes = [{"@odata.type": GROUP_TYPE, **group_shape(group)} for group in groups.order_by("display_name")]
        page["value"] += [mixed(shape, query.select) for shape in shapes]
    return page


def _members(call: Call) -> tuple["QuerySet[User]", "QuerySet[Group]"]:
    group = find_group(call)
    return _users_in(call, {group.pk}), visible_groups(call).filter(containers=group)


def _users_in(call: Call, ids: set[UUID]) -> "QuerySet[User]":
    return visible_users(call).filter(pk__in=GroupMembership.objects.filter(group__in=ids).values("user"))


def _writable_group(call: Call) -> Group:
    """The group, when the caller may change its members: an application, a Global administrator, an owner (M8)."""
    group, caller = find_group(call), call.caller
    if not (caller.holds(Need.GLOBAL) or (caller.account is not None and owns(caller.account, group))):
        raise GraphError.denied("Insufficient privileges: only an owner or a Global Administrator changes the members.")
    return group


OPERATIONS = [
    Operation("GET", "groups", list_groups, READ),
    Operation("GET", "groups/<str:group>", get_group, READ),
    Operation("GET", "groups/<str:group>/members", list_members, READ),
    Operation("GET", "groups/<str:group>/members/microsoft.graph.user", list_member_users, READ),
    Operation("GET", "groups/<str:group>/members/microsoft.graph.group", list_member_groups, READ),
    Operation("GET", "groups/<str:group>/transitiveMembers", list_transitive_members, READ),
    Operation("GET", "groups/<str:group>/transitiveMembers/microsoft.graph.user", list_transitive_member_users, READ),
    Operation("GET", "groups/<str:group>/owners", list_owners, READ),
    Operation("POST", "groups/<str:group>/members/$ref", add_group_member, WRITE, mfa=True),
    Operation("DELETE", "groups/<str:group>/members/<str:member>/$ref", remove_group_member, WRITE, mfa=True),
]
