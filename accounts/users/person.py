"""A person of the directory, as Graph tells of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from msgraph.client import GraphUnavailable

PROPERTIES = "id,displayName,userPrincipalName,mail,otherMails,userType,accountEnabled,employeeType,preferredLanguage"
ACTIVITY = "signInActivity"
_GUEST_MARK = "#ext#"


class AccountClass(StrEnum):
    """What an account is for; the directory keeps it in `employeeType`."""

    PERSON = "person"
    SERVICE = "service"
    ROOM = "room"
    BREAK_GLASS = "breakGlass"

    @property
    def label(self) -> Promise:
        return _CLASS_LABELS[self]


_CLASS_LABELS = {
    AccountClass.PERSON: _("Person"),
    AccountClass.SERVICE: _("Service account"),
    AccountClass.ROOM: _("Room or device"),
    AccountClass.BREAK_GLASS: _("Emergency access"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """`registered`, `last_sign_in` and `roles` are None where nobody asked or the directory did not say."""

    id: UUID
    name: str
    sign_in_name: str
    mail: str
    guest: bool
    enabled: bool
    account_class: AccountClass | None
    last_sign_in: datetime | None = None
    signed_in_known: bool = False
    registered: bool | None = None
    language: str = ""
    roles: frozenset[Role] | None = None

    @property
    def address(self) -> str:
        """Where mail reaches the person; "" where nothing says, or what says is not one address.

        A guest's name in the directory is no address.
        """
        found = self.mail or ("" if _GUEST_MARK in self.sign_in_name.lower() else self.sign_in_name)
        try:
            validate_email(found)
        except ValidationError:
            return ""
        return found

    def with_registration(self, registered: bool | None) -> "Person":
        return replace(self, registered=registered)

    def with_roles(self, roles: frozenset[Role] | None) -> "Person":
        return replace(self, roles=roles)


def person_of(row: Mapping[str, Any]) -> Person:
    """Read a Graph user. Raises GraphUnavailable for what is none."""
    activity = row.get(ACTIVITY)
    try:
        return Person(
            id=UUID(str(row["id"])),
            name=str(row.get("displayName") or row["userPrincipalName"]),
            sign_in_name=str(row["userPrincipalName"]),
            mail=str(row.get("mail") or next(iter(row.get("otherMails") or ()), "")),
            guest=str(row.get("userType", "")).lower() == "guest",
            enabled=bool(row.get("accountEnabled", True)),
            account_class=_class_of(row.get("employeeType")),
            last_sign_in=moment_of(activity.get("lastSignInDateTime")) if isinstance(activity, dict) else None,
            signed_in_known=ACTIVITY in row,
            language=str(row.get("preferredLanguage") or ""),
        )
    except (KeyError, ValueError) as error:
        raise GraphUnavailable("not a user") from error


def moment_of(value: object) -> datetime | None:
    """A moment as Graph writes it, or None."""
    try:
        return parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _class_of(value: object) -> AccountClass | None:
    """A real tenant may keep anything in `employeeType`; what is none of ours says nothing."""
    return next((one for one in AccountClass if one.value == value), None)
