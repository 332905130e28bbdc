"""Asking for a registration in words: the mail, and why somebody is left out."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailing.services import Letter
from security.asking.rules import LeftOut
from security.mails.blocks import Block, letter

REASONS: dict[LeftOut, Promise] = {
    LeftOut.GONE: gettext_lazy("The account is no longer in the directory."),
    LeftOut.DISABLED: gettext_lazy("The account is disabled."),
    LeftOut.GUEST: gettext_lazy("A guest's methods are kept by the home organization."),
    LeftOut.NO_PERSON: gettext_lazy("No person's account: nobody reads its mail."),
    LeftOut.FEDERATED: gettext_lazy("Proves MFA at the organization's own provider."),
    LeftOut.REGISTERED: gettext_lazy("A method is registered by now."),
    LeftOut.UNKNOWN: gettext_lazy("The directory does not say whether a method is registered."),
    LeftOut.NO_ADDRESS: gettext_lazy("The directory knows no mail address."),
    LeftOut.TODAY: gettext_lazy("Asked within the last 24 hours."),
    LeftOut.RECENTLY: gettext_lazy("Asked within the last 7 days."),
}


def question(*, name: str, account: str, organization: str, asked_by: str) -> Letter:
    """The mail in the language that is active. Who asks and where the link leads tell it from a fraud."""
    page = str(settings.SECURITY_INFO_URL)
    values = {
        "name": _line(name),
        "account": _line(account),
        "organization": _line(organization),
        "asked_by": _line(asked_by),
        "host": urlsplit(page).netloc,
    }
    blocks = [
        Block(_("Hello %(name)s,") % values),
        Block(
            _(
                "%(organization)s asks you to register a second way to prove who you are, such as an authenticator app "
                "or a security key. So far the account %(account)s has none, and a stolen password would be enough to "
                "use it."
            )
            % values
        ),
        Block(
            _(
                "It takes a few minutes: open the page at %(host)s, sign in as %(account)s, and add a verification "
                "method."
            )
            % values
        ),
        Block(_("Register a verification method"), url=page),
        Block(
            _(
                "%(asked_by)s asked for this. If that surprises you, do not follow the link, and ask an administrator "
                "of %(organization)s in another way."
            )
            % values
        ),
    ]
    return letter(_("%(organization)s: please register a verification method") % values, blocks)


def _line(text: str) -> str:
    """A line break in a name would look like a paragraph of ours."""
    return " ".join(text.split())
