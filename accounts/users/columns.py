"""The columns and filters of the list of people. The second half needs the directory's reports."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.users.finding import LastSignIn
from accounts.users.person import AccountClass, Person
from fluent.listing.columns import Choices, Column, Filter, Kind


def _link(person: Person) -> str:
    return reverse("users:detail", args=[person.id])


def _roles(person: Person) -> list[Any]:
    return [_("Unknown")] if person.roles is None else [role.label for role in Role if role in person.roles]


def _type(person: Person) -> Any:
    return _("Guest") if person.guest else _("Member")


def _class(person: Person) -> Any:
    return person.account_class.label if person.account_class else "—"


def _registered(person: Person) -> Any:
    return {True: _("Registered"), False: _("Not registered"), None: _("Unknown")}[person.registered]


_REGISTERED_BADGES = {True: "success", False: "warning", None: "neutral"}

COLUMNS: list[Column[Any]] = [
    Column("name", _("Name"), lambda person: person.name, sort="displayName", link=_link),
    Column("sign-in-name", _("User name"), lambda person: person.sign_in_name, sort="userPrincipalName"),
    Column("roles", _("Roles"), _roles, kind=Kind.BADGES, plain=lambda person: ", ".join(map(str, _roles(person)))),
    Column("type", _("Type"), _type),
    Column("class", _("Account class"), _class),
    Column(
        "state",
        _("Sign-in"),
        lambda person: _("Enabled") if person.enabled else _("Disabled"),
        kind=Kind.BADGE,
        badge=lambda person: "success" if person.enabled else "danger",
    ),
    Column("id", _("Object ID"), lambda person: str(person.id), shown=False),
]
REPORT_COLUMNS: list[Column[Any]] = [
    Column(
        "mfa",
        _("MFA registration"),
        _registered,
        kind=Kind.BADGE,
        badge=lambda person: _REGISTERED_BADGES[person.registered],
    ),
    Column("last", _("Last sign-in"), lambda person: person.last_sign_in, kind=Kind.MOMENT),
]
_TYPES: Choices = [("member", _("Member")), ("guest", _("Guest"))]
_STATES: Choices = [("registered", _("Registered")), ("not-registered", _("Not registered"))]
FILTERS: list[Filter[Any]] = [
    Filter("role", _("Role"), "", lambda rows: []),
    Filter("type", _("Type"), "", lambda rows: _TYPES),
    Filter("class", _("Account class"), "", lambda rows: [(one.value, one.label) for one in AccountClass]),
]
REPORT_FILTERS: list[Filter[Any]] = [
    Filter("mfa", _("MFA registration"), "", lambda rows: _STATES),
    Filter("last", _("Last sign-in"), "", lambda rows: [(one.value, one.label) for one in LastSignIn]),
]
