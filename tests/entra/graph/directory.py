"""Fabrikam's directory as the tests of its changes know it."""

from typing import Any

from activity.models import AuditRecord
from entra.directory.models import Group, Tenant, User

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
BILLING_ADMINISTRATOR = "b0f54661-2d74-4c50-afa3-1ec803f12efe"


def make_group(tenant: Tenant, name: str, *members: User, **facts: Any) -> Group:
    group = Group.objects.create(tenant=tenant, display_name=name, **facts)
    group.members.add(*members)
    return group


def reference(target: User | Group) -> dict[str, str]:
    return {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{target.pk}"}


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def audited(action: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Actor, subject and detail of every record of this action, oldest first."""
    records = AuditRecord.objects.filter(action=action).order_by("pk")
    return [(record.actor, record.subject, record.detail) for record in records]
