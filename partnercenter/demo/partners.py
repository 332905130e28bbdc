"""Enrols the demo's tenants as partners."""

from typing import Any
from uuid import UUID

from accounts.models import PartnerTenant
from partnercenter.demo.world import Demo

_GROUP_FIELDS = {
    "AdminAgents": "admin_agents_group",
    "SalesAgents": "sales_agents_group",
    "HelpdeskAgents": "helpdesk_agents_group",
    "Operators": "operators_group",
}


def enrol_partners(demo: Demo) -> dict[str, PartnerTenant]:
    """Every tenant of the world by its key; a second run changes nothing."""
    return {tenant["key"]: _enrol(tenant) for tenant in demo.tenants}


def _enrol(tenant: dict[str, Any]) -> PartnerTenant:
    groups = {
        _GROUP_FIELDS[group["name"]]: UUID(group["id"]) for group in tenant["groups"] if group["name"] in _GROUP_FIELDS
    }
    values = {"display_name": tenant["name"], "programs": tenant["programs"], **groups}
    if "cloud" in tenant:
        values["cloud"] = tenant["cloud"]
    partner, _created = PartnerTenant.objects.update_or_create(id=UUID(tenant["id"]), defaults=values)
    return partner
