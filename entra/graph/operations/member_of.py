"""What a user is in: groups, and directory roles."""

from typing import Any

from entra.apps.permissions import GraphPermission as P
from entra.directory.models import DirectoryRole, User
from entra.directory.services import group_ids, role_template_ids
from entra.graph.odata import whole
from entra.graph.operation import Answer, Call, Operation
from entra.graph.operations.directory_roles import ROLE_TYPE, role_shape
from entra.graph.operations.groups import GROUP_TYPE, group_shape, visible_groups
from entra.graph.operations.users import find_user

READ = frozenset({P.USER_READ_ALL, P.USER_READ_WRITE_ALL, P.DIRECTORY_ACCESS_AS_USER}) | {
    *(P.GROUP_READ_ALL, P.GROUP_MEMBER_READ_ALL, P.GROUP_MEMBER_READ_WRITE_ALL)
}


def member_of(call: Call) -> Answer:
    user = find_user(call, call.parts["user"])
    direct = user.member_groups.values_list("pk", flat=True)
    return whole(call.request, [*_groups(call, list(direct)), *_roles(call, user)])


def transitive_member_of(call: Call) -> Answer:
    user = find_user(call, call.parts["user"])
    return whole(call.request, [*_groups(call, group_ids(user)), *_roles(call, user)])


def _groups(call: Call, ids: list[Any]) -> list[dict[str, Any]]:
    groups = visible_groups(call).filter(pk__in=ids).order_by("display_name")
    return [{"@odata.type": GROUP_TYPE, **group_shape(group)} for group in groups]


def _roles(call: Call, user: User) -> list[dict[str, Any]]:
    tenant = call.caller.tenant
    return [
        {"@odata.type": ROLE_TYPE, **role_shape(tenant, DirectoryRole(template))}
        for template in role_template_ids(user)
    ]


OPERATIONS = [
    Operation("GET", "users/<str:user>/memberOf", member_of, READ),
    Operation("GET", "users/<str:user>/transitiveMemberOf", transitive_member_of, READ),
]
