"""The mail to a person whose account was changed in the portal."""

import logging
from collections.abc import Iterable, Sequence
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.users.acts import Act, Change
from accounts.users.person import Person

logger = logging.getLogger(__name__)


def mail_changes(person: Person, changes: Sequence[Change]) -> None:
    """One mail about everything that was changed at once."""
    send(person.name, person.address, [_sentence(change) for change in changes])


def mail_local_changes(user: User, changes: Sequence[Change]) -> None:
    """The same to somebody known by a provider's claims only, where their user name is an address."""
    address = user.user_principal_name if "@" in user.user_principal_name else ""
    send(user.display_name, address, [_sentence(change) for change in changes])


def mail_pass_issued(person: Person, minutes: int) -> None:
    """Says that a pass was made, never the pass: whoever reads the mail could use it."""
    sentence = _("An administrator made a temporary access pass for you. It is valid for %(minutes)s minutes.")
    send(person.name, person.address, [sentence % {"minutes": minutes}])


def send(name: str, address: str, sentences: Iterable[str]) -> None:
    """A mail that cannot be sent stops nothing: the change has been made."""
    if not address:
        return
    lines = [
        _("Hello %(name)s,") % {"name": name},
        *sentences,
        _("If this surprises you, ask an administrator of your organization. Your profile: %(address)s")
        % {"address": f"{settings.PORTAL_URL}/dashboard/me/profile"},
    ]
    try:
        send_mail(_("Your Partner Center access was changed"), "\n\n".join(lines), None, [address])
    except (OSError, SMTPException):
        logger.exception("The mail about a changed account was not sent")


def _sentence(change: Change) -> str:
    role = change.role.label if change.role else ""
    match change.act:
        case Act.ADD_ROLE:
            return _("You were given the role %(role)s.") % {"role": role}
        case Act.REMOVE_ROLE:
            return _("The role %(role)s was taken from you.") % {"role": role}
        case Act.ENABLE:
            return _("Your account was enabled.")
        case Act.DISABLE:
            return _("Your account was disabled. You can no longer sign in.")
        case Act.REQUIRE_REGISTRATION:
            return _("Your verification methods were removed. Register a new one at your next sign-in.")
        case Act.REVOKE_SESSIONS:
            return _("You were signed out everywhere. Sign in again.")
