"""Grants, codes and refresh tokens: issued, redeemed once, replaced, revoked. Only hashes are stored."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, DateTimeField, Q, UUIDField
from django.utils import timezone

from activity.prepared import Prepared, PreparedUpdate, insert
from entra.apps.models import Application
from entra.events.kinds import EventType
from entra.events.services import Subject, announce
from entra.oauth.errors import OAuthError
from entra.oauth.models import AuthorizationCode, Grant, RefreshToken
from entra.signin.decide import Issue
from entra.signin.gather import Weighing

CODE_LIFETIME = timedelta(minutes=5)
REFRESH_LIFETIME = timedelta(days=90)
GRANT_LIFETIME = timedelta(days=365)
"""However often it is refreshed, a sign-in has to be repeated after a year (ASVS 10.4.8)."""


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def create_grant(weighing: Weighing, decision: Issue, *, ip: str) -> Grant:
    """A new grant with the evidence of the sign-in, made from address `ip`."""
    asked, account, tenant = weighing.request, weighing.account, weighing.tenant
    if account is None or tenant is None or decision.evidence.auth_time is None:
        message = "A grant is made for a proven account in a tenant"
        raise ValueError(message)
    return insert(
        Grant(
            application_id=UUID(asked.client_id),
            account=account,
            tenant=tenant,
            session=weighing.session,
            version=asked.version,
            scope=list(asked.scope),
            resource=asked.resource,
            amr=list(decision.amr),
            acr=decision.acr,
            acrs=list(decision.acrs),
            auth_time=decision.evidence.auth_time,
            ip_address=ip or None,
            created_at=timezone.now(),
        )
    )


@transaction.atomic(savepoint=False)
def issue_code(weighing: Weighing, decision: Issue, *, ip: str) -> str:
    """A grant, and the code that stands for it (M23: five minutes)."""
    asked, grant = weighing.request, create_grant(weighing, decision, ip=ip)
    code = secrets.token_urlsafe(32)
    insert(
        AuthorizationCode(
            code_hash=hashed(code),
            grant=grant,
            redirect_uri=asked.redirect_uri,
            nonce=asked.nonce,
            code_challenge=asked.code_challenge or "",
            expires_at=grant.created_at + CODE_LIFETIME,
        )
    )
    return code


def redeem_code(*, code: str, application: Application) -> AuthorizationCode:
    """Take the code out of circulation. A second use revokes everything issued for it. Raises OAuthError."""
    now = timezone.now()
    row: AuthorizationCode | None = _code.first(hashed(code), application.pk)
    if row is None:
        raise OAuthError("invalid_grant", 70000)
    if row.redeemed_at is not None:
        revoke(row.grant)
        raise OAuthError("invalid_grant", 54005)
    if row.expires_at <= now or row.grant.revoked_at is not None:
        raise OAuthError("invalid_grant", 70008)
    return row


def mark_redeemed(row: AuthorizationCode) -> str:
    """The last step before tokens are made; of two simultaneous uses one fails here. Raises OAuthError.

    Returns the first refresh token, "" where the sign-in asked for none, kept in the same transaction.
    """
    with transaction.atomic():
        taken = _mark_redeemed(timezone.now(), row.pk)
        token = issue_refresh_token(row.grant) if taken else ""
    if not taken:
        revoke(row.grant)
        raise OAuthError("invalid_grant", 54005)
    return token


def issue_refresh_token(grant: Grant) -> str:
    """A further refresh token of the grant; "" where the sign-in asked for none."""
    if "offline_access" not in grant.scope:
        return ""
    now = timezone.now()
    token = secrets.token_urlsafe(48)
    expires_at = min(now + REFRESH_LIFETIME, grant.created_at + GRANT_LIFETIME)
    insert(RefreshToken(token_hash=hashed(token), grant=grant, issued_at=now, expires_at=expires_at))
    return token


def find_refresh_token(*, token: str, application: Application) -> RefreshToken:
    """The refresh token, if it may still be used. Raises OAuthError."""
    row: RefreshToken | None = _refresh_token.first(hashed(token), application.pk)
    if row is None:
        raise OAuthError("invalid_grant", 70000)
    if row.grant.revoked_at is not None or row.expires_at <= timezone.now():
        raise OAuthError("invalid_grant", 70008)
    if row.replaced_at is not None:
        _check_replay(row, application)
    return row


def find_redeemable_refresh_token(*, token: str, application: Application) -> RefreshToken | None:
    """The application's refresh token, if it could be redeemed now. Asking uses nothing up and revokes nothing."""
    now = timezone.now()
    replaced_after = now - timedelta(hours=0 if application.strict_refresh else settings.REFRESH_GRACE_HOURS)
    return (
        RefreshToken.objects.select_related("grant__account__tenant", "grant__tenant", "grant__account__home_account")
        .filter(Q(replaced_at=None) | Q(replaced_at__gt=replaced_after), token_hash=hashed(token), expires_at__gt=now)
        .filter(grant__application=application, grant__revoked_at=None)
        .first()
    )


def replace_refresh_token(row: RefreshToken, application: Application) -> str:
    """The last step before tokens are made. Raises OAuthError when another request was faster.

    Returns the next refresh token. It is kept in one transaction with the mark on this one: neither without the other.
    """
    if row.replaced_at is None:
        with transaction.atomic():
            if _mark_replaced(timezone.now(), row.pk):
                return issue_refresh_token(row.grant)
        row.refresh_from_db(fields=["replaced_at"])
        _check_replay(row, application)
    return issue_refresh_token(row.grant)


def _check_replay(row: RefreshToken, application: Application) -> None:
    """A replaced token that comes back has been copied (RFC 9700 4.14.2).

    For public clients, and where the registration says so, the whole family is void then. Other clients prove
    themselves by their secret; automation that keeps its first token may repeat itself for a while.
    """
    if application.public or application.strict_refresh:
        revoke(row.grant)
        raise OAuthError("invalid_grant", 70008)
    grace = timedelta(hours=settings.REFRESH_GRACE_HOURS)
    if row.replaced_at is not None and row.replaced_at < timezone.now() - grace:
        raise OAuthError("invalid_grant", 70008)


@transaction.atomic
def revoke(grant: Grant) -> None:
    """Void the grant: its code, its refresh tokens, and its access tokens, also where they are used (M22)."""
    if Grant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=timezone.now()):
        subject = Subject(grant.tenant_id, grant.account_id, application_id=grant.application_id)
        announce(EventType.GRANT_REVOKED, [subject])


def check_still_valid(grant: Grant) -> None:
    """What may have changed since the sign-in: grant, account, session, age of the evidence. Raises OAuthError."""
    if grant.revoked_at is not None:
        raise OAuthError("invalid_grant", 70008)
    home = grant.account.home
    if not (grant.account.account_enabled and home.account_enabled):
        raise OAuthError("invalid_grant", 50057)
    marks = [moment for moment in (home.sessions_valid_from, grant.account.sessions_valid_from) if moment]
    if marks and grant.created_at < max(marks):
        raise OAuthError("invalid_grant", 50173)
    # Sign-out voids what was not meant to outlive the session (Back-Channel Logout 1.0 section 2.7).
    if grant.session is not None and grant.session.ended_at is not None and not grant.refresh_tokens.exists():
        raise OAuthError("invalid_grant", 70008)
    days = settings.MAX_MFA_AGE_DAYS
    if days and "mfa" in grant.amr and grant.auth_time < timezone.now() - timedelta(days=days):
        raise OAuthError("interaction_required", 50078)


_WITH_GRANT = ("grant__account__tenant", "grant__tenant", "grant__account__home_account", "grant__session")
_code = Prepared[AuthorizationCode](
    lambda digest, application: AuthorizationCode.objects.select_related(*_WITH_GRANT).filter(
        code_hash=digest, grant__application=application
    ),
    CharField(),
    UUIDField(),
)
_refresh_token = Prepared[RefreshToken](
    lambda digest, application: RefreshToken.objects.select_related(*_WITH_GRANT).filter(
        token_hash=digest, grant__application=application
    ),
    CharField(),
    UUIDField(),
)
_mark_redeemed = PreparedUpdate[AuthorizationCode](
    lambda now, pk: (AuthorizationCode.objects.filter(pk=pk, redeemed_at=None), {"redeemed_at": now}),
    DateTimeField(),
    CharField(),
)
_mark_replaced = PreparedUpdate[RefreshToken](
    lambda now, pk: (RefreshToken.objects.filter(pk=pk, replaced_at=None), {"replaced_at": now}),
    DateTimeField(),
    CharField(),
)
