"""Portal sessions: opened at sign-in, read with one query, rotated at every authentication (M23, ASVS 7)."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.audit import AccountsAction
from accounts.evidence import Evidence, Outcome
from accounts.models import HeldPost, PortalSession, SessionTokens, User
from accounts.models.session import hashed
from accounts.session_reader import read_session
from activity.proxies import network_of
from activity.services import record_audit

_KEPT_EVIDENCE = 10
_SEEN_EVERY_SECONDS = 60
_FORGOTTEN_AFTER = timedelta(days=1)


def open_session(
    *, user: User, evidence: Evidence, issuer: str, provider_sid: str = "", user_agent: str = "", address: str = ""
) -> tuple[PortalSession, str]:
    """Store a new session and return it with its key, which is only ever sent to the browser.

    Of `address`, the client's, no more than its network is kept.
    """
    key, now = secrets.token_urlsafe(32), timezone.now()
    PortalSession.objects.filter(expires_at__lt=now - _FORGOTTEN_AFTER).delete()
    session = PortalSession.objects.create(
        key_hash=hashed(key),
        user=user,
        issuer=issuer,
        provider_sid=provider_sid,
        evidence_json=[evidence.to_json()],
        created_at=now,
        last_seen_at=now,
        expires_at=now + settings.PORTAL_SESSION_ABSOLUTE,
        user_agent=user_agent[:200],
        network=network_of(address),
    )
    return session, key


def current_session(key: str, now: datetime) -> PortalSession | None:
    """Return the living session with its user and tenant, or None. One query; a second one a minute marks it seen."""
    session = read_session(hashed(key))
    if session is None or not _alive(session, now):
        return None
    if (now - session.last_seen_at).total_seconds() > _SEEN_EVERY_SECONDS:
        PortalSession.objects.filter(pk=session.pk).update(last_seen_at=now)
    return session


def _alive(session: PortalSession, now: datetime) -> bool:
    user = session.user
    return (
        session.ended_at is None
        and now < session.expires_at
        and now - session.last_seen_at < settings.PORTAL_SESSION_IDLE
        and user.disabled_at is None
        and (user.not_before is None or session.created_at >= user.not_before)
    )


def rotate(session: PortalSession, *, provider_sid: str) -> str:
    """Give the session a new key after an authentication, so that a key seen before it is worth nothing.

    It now rests on the provider's session of that authentication, and ends with that one.
    """
    key = secrets.token_urlsafe(32)
    session.key_hash, session.provider_sid = hashed(key), provider_sid
    session.save(update_fields=["key_hash", "provider_sid"])
    return key


@transaction.atomic
def add_evidence(session: PortalSession, evidence: Evidence) -> None:
    """Append what the provider answered. Locked, because two tabs may come back at once."""
    stored = PortalSession.objects.select_for_update().get(pk=session.pk)
    stored.evidence_json = _trimmed([*stored.evidence_json, evidence.to_json()])
    stored.save(update_fields=["evidence_json"])
    session.evidence_json = stored.evidence_json


def _trimmed(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Forget the oldest beyond the limit, a proof of MFA last: trying again and again takes none away (M13)."""
    for _excess in range(len(entries) - _KEPT_EVIDENCE):
        number = next((n for n, entry in enumerate(entries[:-1]) if entry["outcome"] != Outcome.MFA), 0)
        entries = entries[:number] + entries[number + 1 :]
    return entries


def others(session: PortalSession) -> QuerySet[PortalSession]:
    """The same person's other living sessions."""
    now = timezone.now()
    living = PortalSession.objects.living(now=now, idle_since=now - settings.PORTAL_SESSION_IDLE)
    return living.filter(user=session.user).exclude(pk=session.pk).order_by("-last_seen_at")


@transaction.atomic
def end_others(session: PortalSession) -> int:
    """End the same person's other sessions and return how many there were."""
    ending, user = list(others(session)), session.user
    for other in ending:
        end(other)
    if ending:
        record_audit(
            action=AccountsAction.OTHERS_ENDED,
            actor=user.oid or user.subject,
            tenant_id=user.tenant_id,
            subject=user.user_principal_name or user.display_name,
            detail={"sessions": len(ending)},
        )
    return len(ending)


def end(session: PortalSession) -> None:
    """End the session here and now; its sealed tokens go with it."""
    PortalSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=timezone.now())
    session.held_posts.all().delete()
    if hasattr(session, "tokens"):
        session.tokens.delete()


def end_all(living: QuerySet[PortalSession]) -> int:
    """End these sessions and return how many there were; their sealed tokens and held forms go with them."""
    ending = list(living.filter(ended_at=None).values_list("pk", flat=True))
    SessionTokens.objects.filter(session__in=ending).delete()
    HeldPost.objects.filter(session__in=ending).delete()
    return PortalSession.objects.filter(pk__in=ending).update(ended_at=timezone.now())


def set_cookie(response: HttpResponse, key: str) -> None:
    response.set_cookie(
        settings.SESSION_COOKIE_NAME,
        key,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",  # it must come along when the provider sends the browser back
    )


def of(request: HttpRequest) -> PortalSession | None:
    """Return the session that the access middleware found for this request."""
    session: PortalSession | None = getattr(request, "portal_session", None)
    return session
