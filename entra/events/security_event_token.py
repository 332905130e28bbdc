"""An event as a signed statement (RFC 8417, OpenID Shared Signals 1.0 section 3)."""

from typing import Any

from entra.events.models import OutgoingEvent
from entra.keys.issuer import issuer
from entra.keys.services import sign

TYP = "secevent+jwt"


def security_event_token(event: OutgoingEvent) -> str:
    """The event as a compact JWS. It is signed anew each time it is sent, and stays the same statement: one `jti`.

    It has no `exp`: a fact does not expire. Its own time is exact to the microsecond, so that a receiver can tell
    which of two changes of one account is the newer one.
    """
    at = event.created_at.timestamp()
    claims = {
        "iss": issuer(event.tenant_id, "2.0"),
        "aud": str(event.stream_id),
        "iat": int(at),
        "jti": str(event.jti),
        "sub_id": _subject(event),
        "events": {event.type: {"event_timestamp": at, **event.facts}},
    }
    return sign(claims, typ=TYP)


def _subject(event: OutgoingEvent) -> dict[str, Any]:
    """A complex subject (Shared Signals 1.0 section 3.3): receivers key accounts by tenant and object id."""
    named = {
        "user": event.account_id,
        "tenant": event.tenant_id,
        "session": event.session_id,
        "application": event.application_id,
    }
    parts = {name: {"format": "opaque", "id": str(value)} for name, value in named.items() if value is not None}
    return {"format": "complex", **parts}
