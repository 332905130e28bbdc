"""The columns of the list of sign-ins, on the page and in the file."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fluent.listing.columns import Column, Kind
from security.sign_ins.row import Result, SignIn

RESULTS: dict[Result, tuple[Promise, str]] = {
    Result.SUCCESS: (_("Succeeded"), "success"),
    Result.FAILURE: (_("Failed"), "danger"),
    Result.INTERRUPTED: (_("Interrupted"), "warning"),
}
POLICIES: dict[str, Promise] = {
    "success": _("Met"),
    "failure": _("Not met"),
    "notApplied": _("None applied"),
}
PROTOCOLS: dict[str, Promise] = {
    "oAuth2": _("Sign-in page or refresh token"),
    "ropc": _("Password grant (legacy)"),
    "deviceCode": _("Device code"),
}
_MFA: dict[bool, tuple[Promise, str]] = {True: (_("With MFA"), "success"), False: (_("Without MFA"), "warning")}


def _link(row: SignIn) -> str:
    """None where the directory gave it no id by which it could be asked for."""
    try:
        return reverse("security:sign-in", args=[row.id])
    except NoReverseMatch:
        return ""


def mfa_badge(row: SignIn) -> tuple[Promise, str]:
    return _MFA[row.mfa]


def policies_text(row: SignIn) -> "str | Promise":
    return POLICIES.get(row.policies, row.policies)


def protocol_text(row: SignIn) -> "str | Promise":
    return PROTOCOLS.get(row.protocol, row.protocol)


COLUMNS: list[Column[Any]] = [
    Column("at", _("Time"), lambda row: row.at, sort="createdDateTime", kind=Kind.MOMENT),
    Column("person", _("Person"), lambda row: row.person or row.sign_in_name or "—", link=_link),
    Column("mfa", _("MFA"), lambda row: _MFA[row.mfa][0], kind=Kind.BADGE, badge=lambda row: _MFA[row.mfa][1]),
    Column("application", _("Application"), lambda row: row.application),
    Column(
        "result",
        _("Result"),
        lambda row: RESULTS[row.result][0],
        kind=Kind.BADGE,
        badge=lambda row: RESULTS[row.result][1],
    ),
    Column("policies", _("Policies"), policies_text),
    Column("protocol", _("Protocol"), protocol_text),
    Column("address", _("IP address"), lambda row: row.address or "—"),
    Column("name", _("User name"), lambda row: row.sign_in_name, shown=False),
    Column("error", _("Error code"), lambda row: f"AADSTS{row.error}" if row.error else "", shown=False),
    Column("reason", _("Reason"), lambda row: row.reason, shown=False),
    Column("correlation", _("Correlation id"), lambda row: row.correlation_id, shown=False),
    Column("id", _("ID"), lambda row: row.id, shown=False),
]
