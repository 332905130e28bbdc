"""The mail to a person whose account was changed in the portal, put into the outbox with the change."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import PartnerTenant, User
from accounts.users.acts import Act, Change
from accounts.users.person import Person
from mailing.services import Letter, Mail, put_in_outbox


def mail_changes(tenant: PartnerTenant, person: Person, changes: Sequence[Change]) -> None:
    """One mail about everything that was changed at once."""
    _post(tenant, person, lambda: [_sentence(change) for change in changes])


def mail_pass_issued(tenant: PartnerTenant, person: Person, minutes: int) -> None:
    """Says that a pass was made, never the pass: whoever reads the mail could use it."""

    def sentences() -> list[str]:
        sentence = _("An administrator made a temporary access pass for you. It is valid for %(minutes)s minutes.")
        return [sentence % {"minutes": minutes}]

    _post(tenant, person, sentences)


def mail_local_changes(user: User, changes: Sequence[Change]) -> None:
    """The same to somebody known by a provider's claims only, where their user name is an address."""
    if "@" in user.user_principal_name:
        letter = _letter(user.display_name, lambda: [_sentence(change) for change in changes])
        put_in_outbox([Mail(user.user_principal_name, user.tenant_id, [user.language], letter)])


def _post(tenant: PartnerTenant, person: Person, sentences: Callable[[], list[str]]) -> None:
    """In the language last used here, else in that of the directory."""
    if not person.address:
        return
    used = User.objects.filter(tenant=tenant, oid=str(person.id)).values_list("language", flat=True)
    languages = [*used, person.language]
    put_in_outbox([Mail(person.address, tenant.pk, languages, _letter(person.name, sentences))])


def _letter(name: str, sentences: Callable[[], list[str]]) -> Callable[[], Letter]:
    def write() -> Letter:
        closing = _("If this surprises you, ask an administrator of your organization. Your profile: %(address)s")
        profile = {"address": f"{settings.PORTAL_URL}/dashboard/me/profile"}
        paragraphs = [_("Hello %(name)s,") % {"name": name}, *sentences(), closing % profile]
        return Letter(_("Your Partner Center access was changed"), paragraphs)

    return write


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
