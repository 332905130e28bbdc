"""Mails that ask people to register before a policy demands it of them."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from activity.services import record_audit
from entra.admincenter.audit import AdminCenterAction
from entra.admincenter.people import to_register
from entra.directory.languages import languages_of
from entra.directory.models import Tenant, User
from mailing.services import Letter, Mail, put_in_outbox


@transaction.atomic
def ask_to_register(*, tenant: Tenant, actor: str) -> int:
    """Mail everybody who has no method and could register one; return how many there are."""
    people = put_in_outbox(_mail(account) for account in to_register(tenant))
    record_audit(
        action=AdminCenterAction.REGISTRATION_REQUESTED,
        actor=actor,
        tenant_id=tenant.pk,
        subject=tenant.display_name,
        detail={"people": people},
    )
    return people


def _mail(account: User) -> Mail:
    def write() -> Letter:
        paragraphs = [
            _("Hello %(name)s,") % {"name": account.display_name},
            _("%(organization)s will soon ask you to verify your identity with a second method when you sign in.")
            % {"organization": account.tenant.display_name},
            _("Please register one now: %(address)s") % {"address": f"{settings.ENTRA_URL}/mysecurityinfo"},
            _("Account: %(upn)s") % {"upn": account.home.user_principal_name},
        ]
        return Letter(_("Please register a way to verify your identity"), paragraphs)

    recipient = account.mail or account.home.user_principal_name
    return Mail(recipient, account.tenant_id, languages_of(account), write)
