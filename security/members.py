"""Who is in the groups and holds the roles that a tenant's policies name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from accounts.enforcement import Policy
from msgraph.client import GraphClient, GraphRefused, part

LONG_PAGE = "999"


@dataclass(frozen=True, slots=True)
class Members:
    """The ids of accounts in lower case, by group id and by role template id."""

    groups: Mapping[str, frozenset[str]]
    roles: Mapping[str, frozenset[str]]

    def groups_of(self, account: str) -> frozenset[str]:
        return frozenset(group for group, members in self.groups.items() if account in members)

    def roles_of(self, account: str) -> frozenset[str]:
        return frozenset(role for role, holders in self.roles.items() if account in holders)


def members_of(graph: GraphClient, policies: Iterable[Policy]) -> Members:
    """Read them, each group and role once, nested groups too. Raises GraphUnavailable, GraphRefused.

    A group that is gone, or a role that was never given, has nobody in it.
    """
    scopes = [scope for policy in policies for scope in (policy.include, policy.exclude)]
    groups = {group: _in_group(graph, group) for group in sorted(frozenset().union(*(one.groups for one in scopes)))}
    roles = {role: _with_role(graph, role) for role in sorted(frozenset().union(*(one.roles for one in scopes)))}
    return Members(groups, roles)


def _in_group(graph: GraphClient, group: str) -> frozenset[str]:
    path = f"groups/{part(group)}/transitiveMembers/microsoft.graph.user"
    try:
        rows = graph.every(path, select="id", top=LONG_PAGE, count="true")
        return frozenset(str(row.get("id")).lower() for row in rows)
    except GraphRefused as refused:
        return _nobody(refused)


def _with_role(graph: GraphClient, role: str) -> frozenset[str]:
    """Those who hold the role themselves or through a group."""
    try:
        rows = list(graph.every(f"directoryRoles(roleTemplateId='{part(role)}')/members", select="id"))
    except GraphRefused as refused:
        return _nobody(refused)
    ids = {str(row.get("id")).lower(): str(row.get("@odata.type", "")).endswith(".group") for row in rows}
    inside = [_in_group(graph, one) for one, is_group in ids.items() if is_group]
    return frozenset(one for one, is_group in ids.items() if not is_group).union(*inside)


def _nobody(refused: GraphRefused) -> frozenset[str]:
    if refused.status != HTTPStatus.NOT_FOUND:
        raise refused
    return frozenset()
