"""Back-channel logout: the provider says that a session, or all sessions of a person, ended."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import AccountsAction
from accounts.models import LogoutTokenSeen, PortalSession, SessionTokens, User
from accounts.oidc import tokens
from activity.services import record_audit

_REMEMBERED = timedelta(days=2)


def receive(raw: str) -> int:
    """Validate a logout token, act on it once, and return how many sessions ended. Raises TokenRejected."""
    claims = tokens.validate_logout_token(raw)
    issuer, now = claims["iss"], timezone.now()
    with transaction.atomic():
        _remember(issuer, str(claims["jti"])[:255])
        living = PortalSession.objects.filter(issuer=issuer, ended_at=None)
        if claims.get("sid"):
            # With both, the session must be this person's (Back-Channel Logout 1.0, 2.7).
            living = living.filter(provider_sid=claims["sid"])
        if claims.get("sub"):
            living = living.filter(user__subject=claims["sub"])
            if not claims.get("sid"):
                # `sub` alone means every session, those that begin this very moment included.
                User.objects.filter(issuer=issuer, subject=claims["sub"]).update(not_before=now)
        SessionTokens.objects.filter(session__in=living).delete()
        ended = living.update(ended_at=now)
        record_audit(
            action=AccountsAction.SESSIONS_ENDED,
            actor="provider",
            tenant_id=None,
            subject=str(claims.get("sub") or claims.get("sid")),
            detail={"issuer": issuer, "sessions": ended},
        )
    return ended


def _remember(issuer: str, jti: str) -> None:
    LogoutTokenSeen.objects.filter(seen_at__lt=timezone.now() - _REMEMBERED).delete()
    try:
        with transaction.atomic():
            LogoutTokenSeen.objects.create(issuer=issuer, jti=jti, seen_at=timezone.now())
    except IntegrityError as error:
        raise tokens.TokenRejected(tokens.Rejection.REPLAYED) from error
