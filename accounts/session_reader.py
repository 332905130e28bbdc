"""The query of the gate: session, user and tenant in one."""

from django.db.models import CharField

from accounts.models import PortalSession
from activity.prepared import Prepared

_session = Prepared[PortalSession](
    lambda key_hash: PortalSession.objects.select_related("user__tenant").filter(key_hash=key_hash), CharField()
)


def read_session(key_hash: str) -> PortalSession | None:
    """Return the session with `user` and `user.tenant` filled in, living or not, or None."""
    found: PortalSession | None = _session.first(key_hash)
    return found
