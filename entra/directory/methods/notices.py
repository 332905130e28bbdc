"""What happens around every change of a method: an audit record, an event, a mail to the person (ASVS 6.3.7)."""

from enum import StrEnum

from django.utils.translation import gettext as _

from activity.actions import AuditAction
from activity.services import record_audit
from entra.directory.announcements import credential_changed
from entra.directory.mails import mail_change
from entra.directory.methods.kinds import MethodKind
from entra.directory.models import User


class MethodAction(AuditAction):
    ADDED = "method.added"
    REMOVED = "method.removed"
    RECOVERY_CODES_ISSUED = "method.recovery_codes_issued"
    RECOVERY_CODE_USED = "method.recovery_code_used"
    PASSWORD_SET = "method.password_set"
    PASS_ISSUED = "method.temporary_pass_issued"
    PASS_WITHDRAWN = "method.temporary_pass_withdrawn"
    PASS_USED = "method.temporary_pass_used"


# CAEP 1.0 section 3.3.1. Other kinds have no name there and go by ours.
_CREDENTIALS: dict[StrEnum, str] = {MethodKind.AUTHENTICATOR_APP: "app", MethodKind.SECURITY_KEY: "fido2-roaming"}
_CHANGES = {
    MethodAction.ADDED: "create",
    MethodAction.REMOVED: "delete",
    MethodAction.RECOVERY_CODES_ISSUED: "create",
    MethodAction.PASSWORD_SET: "update",
}


def announce(*, account: User, action: MethodAction, kind: StrEnum, name: str, actor: str = "") -> None:
    """Record the change, tell of it and mail it, in the same transaction.

    `actor` is the person themselves when it is not given.
    """
    actor = actor or str(account.pk)
    record_audit(
        action=action,
        actor=actor,
        tenant_id=account.tenant_id,
        subject=str(account.pk),
        detail={"kind": kind.value, "name": name},
    )
    if action in _CHANGES:
        credential = _CREDENTIALS.get(kind, kind.value)
        credential_changed(account, credential=credential, change=_CHANGES[action], name=name)
    mail_change(account=account, sentence=lambda: _sentence(action, name), actor=actor)


def _sentence(action: MethodAction, name: str) -> str:
    sentences = {
        MethodAction.ADDED: _("“%(name)s” was added to the ways you verify your identity."),
        MethodAction.REMOVED: _("“%(name)s” was removed from the ways you verify your identity."),
        MethodAction.RECOVERY_CODES_ISSUED: _(
            "New recovery codes were made for your account. Older codes no longer work."
        ),
        MethodAction.RECOVERY_CODE_USED: _("A recovery code was used to verify your identity."),
        MethodAction.PASSWORD_SET: _("The password of your account was changed."),
        MethodAction.PASS_ISSUED: _("A temporary access pass was made for your account."),
        MethodAction.PASS_WITHDRAWN: _("The temporary access pass of your account was withdrawn."),
        MethodAction.PASS_USED: _("A temporary access pass was used to sign in to your account."),
    }
    return sentences[action] % {"name": name}
