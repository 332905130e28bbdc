"""Ending what an account has open, here and at the applications (M22)."""

from django.db import transaction
from django.utils import timezone

from entra.directory.administration.accounts import set_enabled, void_sessions
from entra.directory.models import User
from entra.oauth.backchannel import announce_revocation
from entra.signin.models import ProviderSession


@transaction.atomic
def revoke_sessions(*, account: User, actor: str) -> None:
    """Void the account's sessions and grants, and tell the applications. A guest's home session is not ours to end."""
    void_sessions(account=account, actor=actor)
    _end(account)


@transaction.atomic
def disable(*, account: User, actor: str) -> None:
    """Stop the account from signing in and end what it has open. Raises Refused for the last Global administrator."""
    set_enabled(account=account, enabled=False, actor=actor)
    _end(account)


def _end(account: User) -> None:
    now = timezone.now()
    ProviderSession.objects.filter(account=account, ended_at=None, expires_at__gt=now).update(ended_at=now)
    transaction.on_commit(lambda: announce_revocation(account))
