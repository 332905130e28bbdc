"""Enrols the demo's tenants as partners."""

from typing import Any
from uuid import UUID

from accounts.models import Cloud, PartnerTenant
from accounts.roles import Program, Role
from accounts.services import enrol_partner
from partnercenter.demo.world import Demo

_ROLE_OF_GROUP = {
    "AdminAgents": Role.ADMIN_AGENT,
    "SalesAgents": Role.SALES_AGENT,
    "HelpdeskAgents": Role.HELPDESK_AGENT,
    "Operators": Role.OPERATOR,
}


def enrol_partners(demo: Demo) -> dict[str, PartnerTenant]:
    """Every tenant of the world by its key; a second run changes nothing."""
    return {tenant["key"]: _enrol(tenant) for tenant in demo.tenants}


def _enrol(tenant: dict[str, Any]) -> PartnerTenant:
    return enrol_partner(
        tenant_id=UUID(tenant["id"]),
        display_name=tenant["name"],
        programs=[Program(name) for name in tenant["programs"]],
        cloud=Cloud(tenant.get("cloud", Cloud.GLOBAL.value)),
        groups={
            _ROLE_OF_GROUP[group["name"]]: UUID(group["id"])
            for group in tenant["groups"]
            if group["name"] in _ROLE_OF_GROUP
        },
        actor="seed_demo",
    )
