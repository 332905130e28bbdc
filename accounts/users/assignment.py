"""Where a role is kept in the directory, and who may change it (M8, M21)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from accounts.models import PartnerTenant
from accounts.roles import DIRECTORY_ROLES, Role

AGENT_ROLES = (Role.ADMIN_AGENT, Role.SALES_AGENT, Role.HELPDESK_AGENT)
TEMPLATES = {role: template for template, role in DIRECTORY_ROLES.items()}


def group_of(role: Role, tenant: PartnerTenant) -> UUID | None:
    """The group whose members are agents of this kind, or None: a directory role, or a group nobody enrolled."""
    return {
        Role.ADMIN_AGENT: tenant.admin_agents_group,
        Role.SALES_AGENT: tenant.sales_agents_group,
        Role.HELPDESK_AGENT: tenant.helpdesk_agents_group,
    }.get(role)


def kept_roles(tenant: PartnerTenant) -> list[Role]:
    """The roles this tenant's directory can hold, in the order of the matrix."""
    return [role for role in Role if role in TEMPLATES or group_of(role, tenant)]


def changeable_roles(by: frozenset[Role], tenant: PartnerTenant) -> list[Role]:
    """The roles that somebody with these roles may give and take: an Admin agent the three agent roles only (M8)."""
    if Role.GLOBAL_ADMIN in by:
        return kept_roles(tenant)
    return [role for role in kept_roles(tenant) if role in AGENT_ROLES] if Role.ADMIN_AGENT in by else []


def members_path(role: Role, tenant: PartnerTenant) -> str:
    """Where the direct holders of a role are changed."""
    if role in TEMPLATES:
        return f"directoryRoles(roleTemplateId='{TEMPLATES[role]}')/members"
    return f"groups/{group_of(role, tenant)}/members"


def holders_path(role: Role, tenant: PartnerTenant) -> str:
    """Where everybody who holds a role is listed, those of nested groups too."""
    if role in TEMPLATES:
        return members_path(role, tenant)
    return f"groups/{group_of(role, tenant)}/transitiveMembers/microsoft.graph.user"


def roles_in(rows: Iterable[Mapping[str, Any]], tenant: PartnerTenant) -> frozenset[Role]:
    """The roles that these groups and directory roles of a `memberOf` answer give."""
    groups = {str(group_of(role, tenant)): role for role in AGENT_ROLES if group_of(role, tenant)}
    found: set[Role] = set()
    for row in rows:
        role = DIRECTORY_ROLES.get(str(row.get("roleTemplateId", ""))) or groups.get(str(row.get("id", "")))
        if role is not None:
            found.add(role)
    return frozenset(found)
