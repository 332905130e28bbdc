"""The browser's session at the provider: a cookie with a random key, a row with its hash (M23: 24 hours).

One home account a browser session: a proof by another account starts a new session. The key is replaced
at every proof, so a key known before a sign-in is worth nothing after it (ASVS 7.2.4).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, DateTimeField, Q, UUIDField
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language

from activity.prepared import Prepared, PreparedUpdate, insert
from entra.directory.announcements import session_ended
from entra.directory.languages import note_language
from entra.directory.models import Tenant, User
from entra.signin.models import AuthenticationEvent, Interaction, Method, ProviderSession, Source

LIFETIME = timedelta(hours=24)
_PUT_OFF = "registration_put_off"


@dataclass
class _Slot:
    """What this request knows of its session; `new_key` is sent as a cookie by the middleware."""

    loaded: bool = False
    session: ProviderSession | None = None
    new_key: str | None = None


def _slot(request: HttpRequest) -> _Slot:
    slot: _Slot = request.__dict__.setdefault("_provider_session", _Slot())
    return slot


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def current_session(request: HttpRequest) -> ProviderSession | None:
    """The live session of this browser, or None. Its `account` may be None: nobody signed in yet."""
    slot = _slot(request)
    if not slot.loaded:
        slot.loaded = True
        if key_hash := session_key_hash(request):
            slot.session = _live.first(key_hash, timezone.now())
    return slot.session


def session_key_hash(request: HttpRequest) -> str:
    """What the row of this browser's session is found by; "" without a cookie."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return _hashed(key) if key else ""


def found_session(request: HttpRequest, session: ProviderSession) -> None:
    """Take over the live session of this browser, read together with what belongs to it."""
    slot = _slot(request)
    slot.loaded, slot.session = True, session


def ensure_session(request: HttpRequest) -> ProviderSession:
    """The live session, or a new one in which nobody has signed in."""
    return current_session(request) or _start(request, account=None, now=timezone.now())


def signed_in_account(request: HttpRequest) -> User | None:
    """The home account signed in here, unless it was disabled or its sessions were revoked."""
    session = current_session(request)
    if session is None or session.account is None or not session.account.account_enabled:
        return None
    revoked_before = session.account.sessions_valid_from
    return None if revoked_before and session.created_at < revoked_before else session.account


def record_event(
    request: HttpRequest,
    *,
    account: User,
    method: Method,
    source: Source = Source.LOCAL,
    user_verified: bool = False,
    proves_mfa: bool = False,
    device_id: str = "",
    at: datetime | None = None,
    resource_tenant: Tenant | None = None,
) -> ProviderSession:
    """Append one proof by the home `account` and replace the session key. Interactions under way move along."""
    now = timezone.now()
    with transaction.atomic(savepoint=False):
        session = ensure_session(request)
        if session.account_id is None:
            session.account = account
        if session.account_id != account.pk or signed_in_account(request) is None:
            session = _replace(request, session, account=account, now=now)
        elif not _rotate(request, session, account):  # somebody else signed in to it meanwhile, and keeps it
            session = _start(request, account=account, now=now)
        insert(
            AuthenticationEvent(
                session=session,
                account=account,
                method=method,
                source=source,
                at=at or now,
                user_verified=user_verified,
                proves_mfa=proves_mfa,
                device_id=device_id,
                resource_tenant=resource_tenant,
            )
        )
        note_language(account, get_language() or "")
    return session


def put_off_registration(request: HttpRequest) -> None:
    """The person does not register now: this browser is not asked again, as long as that may wait (V12)."""
    session = ensure_session(request)
    session.state = {**session.state, _PUT_OFF: True}
    session.save(update_fields=["state"])


def has_put_off_registration(session: ProviderSession) -> bool:
    return bool(session.state.get(_PUT_OFF))


def end_session(request: HttpRequest) -> UUID | None:
    """End the browser's session; returns its id (`sid`), so that the caller can tell the applications."""
    session = current_session(request)
    if session is None:
        return None
    with transaction.atomic():
        ProviderSession.objects.filter(pk=session.pk).update(ended_at=timezone.now())
        Interaction.objects.filter(session=session).delete()
        if session.account is not None:
            session_ended(session.account, session.pk)
    slot = _slot(request)
    slot.session, slot.new_key = None, ""
    return session.pk


def write_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Send the new key, if this request made one. Called by the middleware."""
    key = _slot(request).new_key
    if key is None:
        return
    if key == "":
        response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
        return
    response.set_cookie(
        settings.SESSION_COOKIE_NAME,
        key,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _start(request: HttpRequest, *, account: User | None, now: datetime) -> ProviderSession:
    key = secrets.token_urlsafe(32)
    session = insert(
        ProviderSession(
            key_hash=_hashed(key),
            account=account,
            created_at=now,
            expires_at=now + LIFETIME,
            user_agent=request.headers.get("User-Agent", "")[:200],
            ip_address=request.META.get("REMOTE_ADDR") or None,
        )
    )
    _remember(request, session, key)
    return session


def _rotate(request: HttpRequest, session: ProviderSession, account: User) -> bool:
    """Give the account's session a new key; the old one is dead at once. False when it is another account's."""
    key = secrets.token_urlsafe(32)
    if not _taken(_hashed(key), account.pk, session.pk):
        return False
    session.key_hash = _hashed(key)
    _remember(request, session, key)
    return True


def _replace(request: HttpRequest, old: ProviderSession, *, account: User, now: datetime) -> ProviderSession:
    # Over, but not signed out: applications of the other account hear nothing of who came to this browser next.
    ProviderSession.objects.filter(pk=old.pk).update(expires_at=now)
    session = _start(request, account=account, now=now)
    Interaction.objects.filter(session=old).update(session=session)
    return session


def _remember(request: HttpRequest, session: ProviderSession, key: str) -> None:
    slot = _slot(request)
    slot.loaded, slot.session, slot.new_key = True, session, key


def live_session(key_hash: Any, now: Any, through: str = "") -> Q:
    """Which session is alive under a key, for a query of sessions, or of rows that have one by the path `through`."""
    found = {"key_hash": key_hash, "expires_at__gt": now, "ended_at": None}
    return Q(**{f"{through}{name}": value for name, value in found.items()})


_live = Prepared[ProviderSession](
    lambda key_hash, now: ProviderSession.objects.select_related("account__tenant").filter(live_session(key_hash, now)),
    CharField(),
    DateTimeField(),
)
_taken = PreparedUpdate[ProviderSession](
    lambda key_hash, account, pk: (
        ProviderSession.objects.filter(Q(account=None) | Q(account=account), pk=pk),
        {"key_hash": key_hash, "account": account},
    ),
    CharField(),
    UUIDField(),
    UUIDField(),
)
