"""Verbs of this app: what changes partners, each ending in an audit record."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import AccountsAction
from accounts.models import Cloud, PartnerTenant
from accounts.roles import Program, Role
from activity.services import record_audit

_GROUP_FIELDS = {
    Role.ADMIN_AGENT: "admin_agents_group",
    Role.SALES_AGENT: "sales_agents_group",
    Role.HELPDESK_AGENT: "helpdesk_agents_group",
    Role.OPERATOR: "operators_group",
}
# A control panel vendor has no access to the rest of the portal (S9), and the operator holds no partner role (M21).
_ALONE = (Program.CPV, Program.OPERATOR)


@transaction.atomic
def enrol_partner(
    *,
    tenant_id: UUID,
    display_name: str,
    programs: Iterable[Program],
    cloud: Cloud = Cloud.GLOBAL,
    groups: Mapping[Role, UUID] | None = None,
    actor: str = "system",
) -> PartnerTenant:
    """Register a tenant as a partner, or bring its registration up to date. Raises ValidationError.

    `groups` gives the directory's ids of the groups that carry the agent roles; roles left out stay as they are.
    Doing it again with the same values changes nothing and writes no audit record.
    """
    enrolled = sorted({program.value for program in programs})
    _check(enrolled)
    values: dict[str, object] = {"display_name": display_name, "programs": enrolled, "cloud": cloud.value}
    values |= {_GROUP_FIELDS[role]: group for role, group in (groups or {}).items()}
    partner, created = PartnerTenant.objects.get_or_create(pk=tenant_id, defaults=values)
    changed = sorted(name for name, value in values.items() if getattr(partner, name) != value)
    if created or changed:
        for name in changed:
            setattr(partner, name, values[name])
        partner.save()
        record_audit(
            action=AccountsAction.PARTNER_ENROLLED,
            actor=actor,
            tenant_id=tenant_id,
            subject=display_name,
            detail={"programs": enrolled, "cloud": cloud.value, "changed": changed, "new": created},
        )
    return partner


def _check(programs: list[str]) -> None:
    if not programs:
        raise ValidationError(_("A partner takes part in at least one program."))
    for program in _ALONE:
        if program.value in programs and len(programs) > 1:
            message = _("The program %(program)s cannot be combined with another one.")
            raise ValidationError(message, params={"program": program.value})
