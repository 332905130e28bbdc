"""Mails to a person about their own account."""

from collections.abc import Callable

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from entra.directory.languages import languages_of
from entra.directory.models import User
from mailing.services import Letter, Mail, put_in_outbox


def address_of(account: User) -> str:
    """Where mail reaches the person. A guest's name in the directory visited is no address; the one at home is."""
    return account.mail or account.home.mail or account.home.user_principal_name


def mail_change(*, account: User, sentence: Callable[[], str], actor: str, recipient: str = "") -> None:
    """Tell the person, in their language, what was changed for their account (ASVS 6.3.7).

    Must be called in the transaction of the change. `actor` is who changed it, as the audit log names them;
    `recipient` another address than the account's of this moment.
    """

    def write() -> Letter:
        paragraphs = [
            _("Hello %(name)s,") % {"name": account.display_name},
            sentence(),
            _("Account: %(upn)s") % {"upn": account.user_principal_name},
            _("Time: %(time)s UTC") % {"time": f"{timezone.now():%Y-%m-%d %H:%M}"},
            _advice(by_the_person=actor == str(account.pk)),
        ]
        return Letter(_("Your security info was changed"), paragraphs)

    put_in_outbox([Mail(recipient or address_of(account), account.tenant_id, languages_of(account), write)])


def _advice(*, by_the_person: bool) -> str:
    page = {"address": f"{settings.ENTRA_URL}/mysecurityinfo"}
    if by_the_person:
        return _("If this was not you, remove the method and sign out everywhere: %(address)s") % page
    return _("An administrator did this. If you did not expect it, ask them, and look at: %(address)s") % page
