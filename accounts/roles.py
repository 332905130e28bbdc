"""The roles of the portal (requirement M21): where they come from and who can grant them."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    ADMIN_AGENT = "admin-agent"
    SALES_AGENT = "sales-agent"
    HELPDESK_AGENT = "helpdesk-agent"
    BILLING_ADMIN = "billing-admin"
    GLOBAL_ADMIN = "global-admin"
    SECURITY_ADMIN = "security-admin"
    CPV_ADMIN = "cpv-admin"
    OPERATOR = "operator"
    USER = "user"
    """Every signed-in user of a CSP, advisor or operator tenant: the last column of the matrix."""

    @property
    def letter(self) -> str:
        """The role's column in the access matrix."""
        return _LETTERS[self]

    @property
    def label(self) -> Promise:
        return _LABELS[self]


_LETTERS = dict(zip(Role, "ASHBGYCOU", strict=True))
_LABELS = {
    Role.ADMIN_AGENT: _("Admin agent"),
    Role.SALES_AGENT: _("Sales agent"),
    Role.HELPDESK_AGENT: _("Helpdesk agent"),
    Role.BILLING_ADMIN: _("Billing admin"),
    Role.GLOBAL_ADMIN: _("Global admin"),
    Role.SECURITY_ADMIN: _("Security admin"),
    Role.CPV_ADMIN: _("CPV admin"),
    Role.OPERATOR: _("Operator"),
    Role.USER: _("Any user"),
}

PARTNER_ROLES = frozenset(Role) - {Role.CPV_ADMIN, Role.OPERATOR, Role.USER}

# The template ids of the directory roles, the same in every tenant (Microsoft Entra built-in roles reference).
DIRECTORY_ROLES = {
    "62e90394-69f5-4237-9190-012177145e10": Role.GLOBAL_ADMIN,
    "b0f54661-2d74-4c50-afa3-1ec803f12efe": Role.BILLING_ADMIN,
    "194ae4cb-b126-40b2-bd5b-6091b380977d": Role.SECURITY_ADMIN,
}


class Program(StrEnum):
    """How a tenant takes part (M15)."""

    CSP_DIRECT = "csp-direct"
    CSP_INDIRECT_PROVIDER = "csp-indirect-provider"
    CSP_INDIRECT_RESELLER = "csp-indirect-reseller"
    CPV = "cpv"
    ADVISOR = "advisor"
    OPERATOR = "operator"

    @property
    def label(self) -> Promise:
        return _PROGRAM_LABELS[self]


_PROGRAM_LABELS = {
    Program.CSP_DIRECT: _("CSP direct-bill partner"),
    Program.CSP_INDIRECT_PROVIDER: _("CSP indirect provider"),
    Program.CSP_INDIRECT_RESELLER: _("CSP indirect reseller"),
    Program.CPV: _("Control panel vendor"),
    Program.ADVISOR: _("Advisor"),
    Program.OPERATOR: _("Platform operator"),
}


def effective_roles(held: Iterable[Role], programs: Iterable[Program]) -> frozenset[Role]:
    """Return the roles that count in a tenant with these programs (M21, S9).

    In a CPV tenant a Global admin is CPV admin and nothing else counts; in the operator tenant only Operator does.
    """
    roles, enrolled = frozenset(held), frozenset(programs)
    if Program.CPV in enrolled:
        return frozenset({Role.CPV_ADMIN}) if Role.GLOBAL_ADMIN in roles else frozenset()
    if Program.OPERATOR in enrolled:
        return (roles & {Role.OPERATOR}) | {Role.USER}
    return (roles & PARTNER_ROLES) | {Role.USER}
