"""Directory roles: which there are, who holds one, assigning and removing."""

from typing import Any

from entra.apps.permissions import GraphPermission as P
from entra.directory.administration.roles import assign_role, remove_role
from entra.directory.models import DirectoryRole, Group, Tenant, User
from entra.directory.services import role_id
from entra.graph.bodies import guarded
from entra.graph.errors import GraphError
from entra.graph.odata import selected, whole
from entra.graph.operation import Answer, Call, Need, Operation
from entra.graph.operations.groups import users_and_groups
from entra.graph.operations.users import find_user, visible_users
from entra.graph.references import referenced

WRITE = frozenset({P.ROLES_READ_WRITE, P.DIRECTORY_ACCESS_AS_USER})
READ = WRITE | {P.ROLES_READ}
ROLE_TYPE = "#microsoft.graph.directoryRole"


def role_shape(tenant: Tenant, role: DirectoryRole) -> dict[str, Any]:
    """Every role is active in every tenant, under an id of its own there."""
    return {
        "id": str(role_id(tenant, role)),
        "displayName": role.label,
        "description": None,
        "roleTemplateId": role.value,
    }


def find_role(call: Call) -> DirectoryRole:
    """The role that the path names by its id in the tenant, or by its template. Raises GraphError (404)."""
    name = call.parts.get("role") or call.parts["template"]
    by_template = "template" in call.parts
    for role in DirectoryRole:
        if name.lower() == (role.value if by_template else str(role_id(call.caller.tenant, role))):
            return role
    raise GraphError.not_found(name)


def list_roles(call: Call) -> Answer:
    return whole(call.request, [role_shape(call.caller.tenant, role) for role in DirectoryRole])


def get_role(call: Call) -> Answer:
    names = [name.strip() for name in call.request.GET.get("$select", "").split(",") if name.strip()]
    return selected(role_shape(call.caller.tenant, find_role(call)), names)


def list_role_members(call: Call) -> Answer:
    holders = visible_users(call).filter(role_assignments__role=find_role(call))
    return users_and_groups(call, holders, Group.objects.none())


def add_role_member(call: Call) -> Answer:
    role, member = find_role(call), referenced(call)
    if not isinstance(member, User):
        raise GraphError.bad_request("A directory role is assigned to a user.")
    with guarded(call.caller.tenant):
        assign_role(account=member, role=role, actor=call.caller.actor)
    return None


def remove_role_member(call: Call) -> Answer:
    role, member = find_role(call), find_user(call, call.parts["member"])
    with guarded(call.caller.tenant):
        remove_role(account=member, role=role, actor=call.caller.actor)
    return None


def _operations(role: str) -> list[Operation]:
    return [
        Operation("GET", role, get_role, READ),
        Operation("GET", f"{role}/members", list_role_members, READ),
        Operation("POST", f"{role}/members/$ref", add_role_member, WRITE, Need.GLOBAL, mfa=True),
        Operation("DELETE", f"{role}/members/<str:member>/$ref", remove_role_member, WRITE, Need.GLOBAL, mfa=True),
    ]


OPERATIONS = [
    Operation("GET", "directoryRoles", list_roles, READ),
    *_operations("directoryRoles/<str:role>"),
    *_operations("directoryRoles(roleTemplateId='<str:template>')"),
]
