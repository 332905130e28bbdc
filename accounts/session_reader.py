"""The query of the gate: session, user and tenant in one."""

from django.db.models import CharField

from accounts.models import PortalSession
from activity.statement import Given, Statement

_SESSION: Statement[PortalSession] = Statement(
    lambda: PortalSession.objects.select_related("user__tenant").filter(key_hash=Given("key_hash", CharField()))
)


def read_session(key_hash: str) -> PortalSession | None:
    """Return the session with `user` and `user.tenant` filled in, living or not, or None."""
    return _SESSION.first(key_hash=key_hash)
