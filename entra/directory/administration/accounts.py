"""Changes of one account."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entra.directory import announcements
from entra.directory.administration.audit import DirectoryAction, record
from entra.directory.administration.roles import refuse_if_last_administrator
from entra.directory.mails import address_of, mail_change
from entra.directory.models import User


@transaction.atomic
def change_profile(
    *,
    account: User,
    actor: str,
    display_name: str | None = None,
    given_name: str | None = None,
    surname: str | None = None,
    mail: str | None = None,
) -> None:
    """Save the names and the mail address that are given; None leaves one as it is."""
    given = {"display_name": display_name, "given_name": given_name, "surname": surname, "mail": mail}
    told_at = address_of(account)
    changed = {name: value for name, value in given.items() if value is not None and value != getattr(account, name)}
    if not changed:
        return
    for name, value in changed.items():
        setattr(account, name, value)
    account.save(update_fields=list(changed))
    record(DirectoryAction.USER_CHANGED, account, actor, changed=changed)
    if "mail" in changed:
        # At the address of before: whoever reads the new one may have changed it to hide what comes next.
        mail_change(
            account=account, sentence=lambda: _("Your mail address was changed."), actor=actor, recipient=told_at
        )


@transaction.atomic
def set_enabled(*, account: User, enabled: bool, actor: str) -> None:
    """Let the account sign in, or not. Disabling voids its sessions for good: enabled again, it signs in anew.

    Raises Refused for a tenant's last Global administrator.
    """
    if account.account_enabled == enabled:
        return
    if not enabled:
        refuse_if_last_administrator(account)
        account.sessions_valid_from = timezone.now()
    account.account_enabled = enabled
    account.save(update_fields=["account_enabled", "sessions_valid_from"])
    record(DirectoryAction.USER_ENABLED if enabled else DirectoryAction.USER_DISABLED, account, actor)
    announcements.enabled_or_disabled(account)


@transaction.atomic
def void_sessions(*, account: User, actor: str, sentence: Callable[[], str] | None = None) -> datetime:
    """Make every session and grant of the account from before now worthless (M22); returns from when others count.

    `sentence` is what the person is told, if it is more than that.
    """
    account.sessions_valid_from = now = timezone.now()
    account.save(update_fields=["sessions_valid_from"])
    record(DirectoryAction.SESSIONS_REVOKED, account, actor)
    announcements.sessions_voided(account)
    said = sentence or (lambda: _("Your account was signed out everywhere."))
    mail_change(account=account, sentence=said, actor=actor)
    return now
