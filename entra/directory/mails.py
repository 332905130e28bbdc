"""Mails to a person about their own account."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entra.directory.models import User


def mail_change(*, account: User, sentence: str, actor: str) -> None:
    """Tell the person, once the transaction has been kept, what was changed for their account (ASVS 6.3.7).

    `actor` is who changed it, as the audit log names them.
    """
    lines = [
        _("Hello %(name)s,") % {"name": account.display_name},
        sentence,
        _("Account: %(upn)s") % {"upn": account.user_principal_name},
        _("Time: %(time)s UTC") % {"time": f"{timezone.now():%Y-%m-%d %H:%M}"},
        _advice(by_the_person=actor == str(account.pk)),
    ]
    subject, recipient = _("Your security info was changed"), account.mail or account.user_principal_name

    def send() -> None:
        send_mail(subject, "\n\n".join(lines), None, [recipient], fail_silently=True)

    transaction.on_commit(send)


def _advice(*, by_the_person: bool) -> str:
    page = {"address": f"{settings.ENTRA_URL}/mysecurityinfo"}
    if by_the_person:
        return _("If this was not you, remove the method and sign out everywhere: %(address)s") % page
    return _("An administrator did this. If you did not expect it, ask them, and look at: %(address)s") % page
