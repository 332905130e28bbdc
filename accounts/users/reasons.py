"""Why the directory said no, for people."""

from http import HTTPStatus

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from msgraph.client import GraphRefused

_SIGN_IN_AGAIN = frozenset({"invalid_grant", "interaction_required", "consent_required", "login_required"})
_REASONS: dict[str, Promise] = {
    "LastGlobalAdministrator": _(
        "This is the last enabled Global admin of the organization. Give the role to another member first."
    ),
    "Lockout_Prevented": _("This would lock all Global admins out, so nothing was changed."),
    "InvitedAddressUnknown": _("The address belongs to no account of an organization that is known to the directory."),
    "InvitedAddressIsOwn": _("The address belongs to this organization already."),
    "SignsInElsewhere": _("This person signs in at another organization or provider, which keeps the methods."),
    "Authorization_RequestDenied": _("The directory does not allow this with your roles."),
}


def reason_of(code: str, message: str) -> "str | Promise":
    """The directory's reason in the person's language; its own words where it gives another one."""
    return _REASONS.get(code) or message or _("The directory gave no reason.")


def asks_for_sign_in(refused: GraphRefused) -> bool:
    """Whether the directory wants a new sign-in: the session's token for it is no longer good."""
    return refused.status == HTTPStatus.UNAUTHORIZED or refused.code in _SIGN_IN_AGAIN
