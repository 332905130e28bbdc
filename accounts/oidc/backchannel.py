"""Back-channel logout: the provider says that a session, or all sessions of a person, ended."""

from django.db import transaction
from django.utils import timezone

from accounts import sessions
from accounts.audit import AccountsAction
from accounts.models import PortalSession, User
from accounts.oidc import tokens
from activity.services import record_audit


def receive(raw: str) -> int:
    """Validate a logout token, act on it once, and return how many sessions ended. Raises TokenRejected."""
    claims = tokens.validate_logout_token(raw)
    issuer, now = claims["iss"], timezone.now()
    with transaction.atomic():
        tokens.remember(issuer, str(claims["jti"]))
        living = PortalSession.objects.filter(issuer=issuer, ended_at=None)
        if claims.get("sid"):
            # With both, the session must be this person's (Back-Channel Logout 1.0, 2.7).
            living = living.filter(provider_sid=claims["sid"])
        if claims.get("sub"):
            living = living.filter(user__subject=claims["sub"])
            if not claims.get("sid"):
                # `sub` alone means every session, those that begin this very moment included.
                User.objects.filter(issuer=issuer, subject=claims["sub"]).update(not_before=now)
        ended = sessions.end_all(living)
        record_audit(
            action=AccountsAction.SESSIONS_ENDED,
            actor="provider",
            tenant_id=None,
            subject=str(claims.get("sub") or claims.get("sid")),
            detail={"issuer": issuer, "sessions": ended},
        )
    return ended
