"""The list of accounts, and the columns of what is downloaded."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enforcement import Obstacle, Option
from fluent.listing import Column, Filter, Kind, Listing
from security.asking.asked import asked_at
from security.models import AccountStatus


def _enforced_by(row: AccountStatus) -> Any:
    return Option(row.enforced_by).label if row.enforced_by else _("Not enforced")


def _obstacle(row: AccountStatus) -> Any:
    return Obstacle(row.obstacle).label if row.obstacle else "—"


def _narrow_enforced(rows: QuerySet[AccountStatus], value: str) -> QuerySet[AccountStatus]:
    return rows.filter(enforced_by="") if value == "no" else rows.exclude(enforced_by="")


ACCOUNTS: Listing[AccountStatus] = Listing(
    name="mfa-accounts",
    caption=_("Accounts"),
    placeholder=_("Name, user name or object ID"),
    search=("display_name__icontains", "user_principal_name__icontains", "user_id__iexact"),
    default_sort="name",
    columns=[
        Column("name", _("Name"), lambda row: row.display_name, sort="display_name"),
        Column("sign-in-name", _("User name"), lambda row: row.user_principal_name, sort="user_principal_name"),
        Column(
            "enforced",
            _("MFA enforced by"),
            _enforced_by,
            sort="enforced_by",
            kind=Kind.BADGE,
            badge=lambda row: "success" if row.enforced_by else "warning",
        ),
        Column("obstacle", _("Why not"), _obstacle, sort="obstacle", plain=lambda row: _obstacle(row).strip("—")),
        Column("policy", _("Policy"), lambda row: row.policy or "—", sort="policy", plain=lambda row: row.policy),
        Column("registered", _("Registered"), lambda row: _("Yes") if row.registered else _("No")),
        Column("type", _("Type"), lambda row: _("Guest") if row.guest else _("Member"), shown=False),
        Column("state", _("Sign-in"), lambda row: _("Enabled") if row.enabled else _("Disabled"), shown=False),
        Column("id", _("Object ID"), lambda row: row.user_id, shown=False),
        Column("assessed", _("Assessed"), lambda row: row.assessed_at, shown=False),
        Column("asked", _("Last asked to register"), asked_at, kind=Kind.MOMENT),
    ],
    filters=[
        Filter(
            "enforced",
            _("MFA enforced"),
            "",
            lambda rows: [("yes", _("Yes")), ("no", _("No"))],
            narrow=_narrow_enforced,
        ),
        Filter("by", _("Enforced by"), "enforced_by", lambda rows: [(one.value, one.label) for one in Option]),
        Filter("obstacle", _("Why not"), "obstacle", lambda rows: [(one.value, one.label) for one in Obstacle]),
        Filter(
            "registered",
            _("Registered"),
            "",
            lambda rows: [("yes", _("Yes")), ("no", _("No"))],
            narrow=lambda rows, value: rows.filter(registered=value == "yes"),
        ),
        Filter(
            "type",
            _("Type"),
            "",
            lambda rows: [("member", _("Member")), ("guest", _("Guest"))],
            narrow=lambda rows, value: rows.filter(guest=value == "guest"),
        ),
        Filter(
            "disabled",
            _("Sign-in"),
            "",
            lambda rows: [("too", _("Disabled too")), ("only", _("Disabled only"))],
            narrow=lambda rows, value: rows if value == "too" else rows.filter(enabled=False),
            unchosen=_("Enabled only"),
        ),
    ],
)


def wanted_accounts(rows: QuerySet[AccountStatus], disabled: str) -> QuerySet[AccountStatus]:
    """Disabled accounts are part of no metric and of the list only if asked for (Q2)."""
    return rows if disabled in {"too", "only"} else rows.filter(enabled=True)
