"""The admin center's sessions: opened by an ID token, read on every request together with what may have ended them."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from activity.services import record_audit
from entra.admincenter.audit import AdminCenterAction
from entra.admincenter.client.id_token import Identity
from entra.admincenter.models import AdminSession
from entra.directory.models import Tenant, User
from entra.signin.models import ProviderSession
from secretstore import seal, unseal

COOKIE = "entra_admin"
IDLE = timedelta(hours=1)
ABSOLUTE = timedelta(hours=12)
FRESH = timedelta(minutes=15)
_SEEN_EVERY = timedelta(minutes=1)
_ID_TOKEN = "admin-id-token"


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def current(request: HttpRequest) -> AdminSession | None:
    """The living session of this browser. The account, its home account and the provider's session are read anew."""
    key = request.COOKIES.get(COOKIE, "")
    if not key:
        return None
    related = ("account__tenant", "account__home_account", "provider_session")
    session = AdminSession.objects.select_related(*related).filter(key_hash=hashed(key), ended_at=None).first()
    if session is None or not _alive(session):
        return None
    now = timezone.now()
    if now - session.last_seen_at > _SEEN_EVERY:
        AdminSession.objects.filter(pk=session.pk).update(last_seen_at=now)
    return session


def tenant_left(request: HttpRequest) -> Tenant | None:
    """The organization that this browser's session was for, also when it is over: whose pages are to be opened."""
    key = request.COOKIES.get(COOKIE, "")
    left = AdminSession.objects.select_related("account__tenant").filter(key_hash=hashed(key)) if key else ()
    return next((session.account.tenant for session in left), None)


def _alive(session: AdminSession) -> bool:
    now, beneath = timezone.now(), session.provider_session
    accounts = {session.account, session.account.home}
    return (
        now < session.expires_at
        and now - session.last_seen_at < IDLE
        and beneath.ended_at is None
        and now < beneath.expires_at
        and all(account.account_enabled for account in accounts)
        and not any(one.sessions_valid_from and session.mfa_at < one.sessions_valid_from for one in accounts)
    )


def is_fresh(session: AdminSession) -> bool:
    """Whether the person verified within the last 15 minutes: changes want that (M23)."""
    return session.mfa_at >= timezone.now() - FRESH


@transaction.atomic
def open_session(*, account: User, beneath: ProviderSession, identity: Identity, id_token: str) -> str:
    """Start a session and return its key, which only the browser gets."""
    key, now = secrets.token_urlsafe(32), timezone.now()
    AdminSession.objects.filter(expires_at__lt=now).delete()
    AdminSession.objects.create(
        key_hash=hashed(key),
        account=account,
        provider_session=beneath,
        mfa_at=identity.mfa_at,
        id_token_sealed=seal(id_token, purpose=_ID_TOKEN),
        created_at=now,
        last_seen_at=now,
        expires_at=now + ABSOLUTE,
    )
    _audit(AdminCenterAction.SIGNED_IN, account)
    return key


@transaction.atomic
def verify_anew(*, session: AdminSession, beneath: ProviderSession, identity: Identity, id_token: str) -> str:
    """Note a fresh verification of the same person; a key seen before it is worth nothing after it."""
    key = secrets.token_urlsafe(32)
    session.key_hash, session.provider_session, session.mfa_at = hashed(key), beneath, identity.mfa_at
    session.id_token_sealed = seal(id_token, purpose=_ID_TOKEN)
    session.save(update_fields=["key_hash", "provider_session", "mfa_at", "id_token_sealed"])
    _audit(AdminCenterAction.VERIFIED, session.account)
    return key


@transaction.atomic
def end(session: AdminSession) -> None:
    AdminSession.objects.filter(pk=session.pk).update(ended_at=timezone.now())
    _audit(AdminCenterAction.SIGNED_OUT, session.account)


def id_token_of(session: AdminSession) -> str:
    return unseal(session.id_token_sealed, purpose=_ID_TOKEN)


def set_cookie(response: HttpResponse, key: str) -> None:
    response.set_cookie(
        COOKIE, key, path="/admin", secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def drop_cookie(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path="/admin", samesite="Lax")


def _audit(action: AdminCenterAction, account: User) -> None:
    record_audit(action=action, actor=str(account.pk), tenant_id=account.tenant_id, subject=account.user_principal_name)
