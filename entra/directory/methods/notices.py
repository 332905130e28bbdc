"""What happens around every change of a method: an audit record, an event, a mail to the person (ASVS 6.3.7)."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activity.actions import AuditAction
from activity.services import record_audit
from entra.directory.announcements import credential_changed
from entra.directory.methods.kinds import MethodKind
from entra.directory.models import User


class MethodAction(AuditAction):
    ADDED = "method.added"
    REMOVED = "method.removed"
    RECOVERY_CODES_ISSUED = "method.recovery_codes_issued"
    RECOVERY_CODE_USED = "method.recovery_code_used"


# CAEP 1.0 section 3.3.1. Other kinds have no name there and go by ours.
_CREDENTIALS = {MethodKind.AUTHENTICATOR_APP: "app", MethodKind.SECURITY_KEY: "fido2-roaming"}
_CHANGES = {
    MethodAction.ADDED: "create",
    MethodAction.REMOVED: "delete",
    MethodAction.RECOVERY_CODES_ISSUED: "create",
}


def announce(*, account: User, action: MethodAction, kind: MethodKind, name: str) -> None:
    """Record the change and tell of it in the same transaction; mail it once that has been kept."""
    record_audit(
        action=action,
        actor=str(account.pk),
        tenant_id=account.tenant_id,
        subject=str(account.pk),
        detail={"kind": kind.value, "name": name},
    )
    if action in _CHANGES:
        credential = _CREDENTIALS.get(kind, kind.value)
        credential_changed(account, credential=credential, change=_CHANGES[action], name=name)
    transaction.on_commit(lambda: _mail(account, _sentence(action, name)))


def _sentence(action: MethodAction, name: str) -> str:
    match action:
        case MethodAction.ADDED:
            return _("“%(name)s” was added to the ways you verify your identity.") % {"name": name}
        case MethodAction.REMOVED:
            return _("“%(name)s” was removed from the ways you verify your identity.") % {"name": name}
        case MethodAction.RECOVERY_CODES_ISSUED:
            return _("New recovery codes were made for your account. Older codes no longer work.")
        case MethodAction.RECOVERY_CODE_USED:
            return _("A recovery code was used to verify your identity.")


def _mail(account: User, sentence: str) -> None:
    lines = [
        _("Hello %(name)s,") % {"name": account.display_name},
        sentence,
        _("Account: %(upn)s") % {"upn": account.user_principal_name},
        _("Time: %(time)s UTC") % {"time": f"{timezone.now():%Y-%m-%d %H:%M}"},
        _("If this was not you, remove the method and sign out everywhere: %(address)s")
        % {"address": f"{settings.ENTRA_URL}/mysecurityinfo"},
    ]
    recipient = account.mail or account.user_principal_name
    send_mail(_("Your security info was changed"), "\n\n".join(lines), None, [recipient], fail_silently=True)
