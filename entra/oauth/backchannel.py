"""Back-channel logout: applications are told that a session or an account has been signed out.

A message is a row first, so it is not lost with the process; it is sent at once and again until it arrives
(OpenID Connect Back-Channel Logout 1.0 section 2.5).
"""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta

import requests
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from entra.apps.models import Application
from entra.directory.models import User
from entra.keys.issuer import issuer
from entra.keys.services import sign
from entra.oauth.models import Grant, LogoutMessage
from entra.oauth.names import pairwise_subject

logger = logging.getLogger(__name__)
EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_LIFETIME = timedelta(minutes=2)
MOST_ATTEMPTS = 12
_TIMEOUT = 3  # seconds; the person who signs out waits for the first attempt


def announce_sign_out(sid: uuid.UUID) -> None:
    """Tell every application that got a token in this session."""
    _announce(_untold().filter(session_id=sid), sid_of=lambda grant: grant.session_id)


def announce_revocation(account: User) -> None:
    """Tell every application that has a grant of this account. No session is named: all of them are meant."""
    _announce(_untold().filter(account__in=[account, *account.guest_accounts.all()]), sid_of=lambda _grant: None)


def announce_due() -> None:
    """Find what ended without passing by the sign-out page: sessions ended elsewhere, accounts disabled or revoked."""
    for sid in _untold().filter(session__ended_at__isnull=False).values_list("session_id", flat=True).distinct():
        if sid is not None:
            announce_sign_out(sid)
    void = (
        Q(account__account_enabled=False)
        | Q(account__home_account__account_enabled=False)
        | Q(account__sessions_valid_from__gt=F("created_at"))
        | Q(account__home_account__sessions_valid_from__gt=F("created_at"))
    )
    _announce(_untold().filter(void), sid_of=lambda _grant: None)


def deliver_due() -> int:
    """Store messages for what ended meanwhile, then try every one that is due; returns how many arrived."""
    announce_due()
    due = LogoutMessage.objects.filter(delivered_at=None, due_at__lte=timezone.now(), attempts__lt=MOST_ATTEMPTS)
    return sum(_deliver(message) for message in due.select_related("application"))


def logout_token(message: LogoutMessage) -> str:
    """Section 2.4: typ logout+jwt, the event, no nonce."""
    now = int(timezone.now().timestamp())
    claims = {
        "iss": issuer(message.tenant_id, message.version),
        "aud": str(message.application_id),
        "sub": message.sub,
        "iat": now,
        "exp": now + int(TOKEN_LIFETIME.total_seconds()),
        "jti": str(message.jti),
        "events": {EVENT: {}},
    }
    if message.sid is not None:
        claims["sid"] = str(message.sid)
    return sign(claims, typ="logout+jwt")


def _untold() -> QuerySet[Grant]:
    return Grant.objects.filter(signed_out_at=None).exclude(application__backchannel_logout_uri="")


def _announce(grants: QuerySet[Grant], *, sid_of: Callable[[Grant], uuid.UUID | None]) -> None:
    """One message for each application, subject and session, stored together with the mark that it is told."""
    now = timezone.now()
    with transaction.atomic():
        # Locked, so that a request and the loop do not both find the same sign-in untold.
        ending = list(grants.select_for_update(of=("self",)))
        told = {(g.application_id, g.account_id, g.tenant_id, g.version, sid_of(g)) for g in ending}
        Grant.objects.filter(pk__in=[grant.pk for grant in ending]).update(signed_out_at=now)
        messages = [
            LogoutMessage.objects.create(
                application_id=application_id,
                tenant_id=tenant_id,
                version=version,
                sub=pairwise_subject(application_id, account_id),
                sid=sid,
                created_at=now,
                due_at=now,
            )
            for application_id, account_id, tenant_id, version, sid in told
        ]
    for message in messages:
        _deliver(message)


def _deliver(message: LogoutMessage) -> bool:
    """One attempt. The next one is set first: a process that dies here has lost nothing."""
    attempts = message.attempts + 1
    taken = LogoutMessage.objects.filter(pk=message.pk, attempts=message.attempts, delivered_at=None).update(
        attempts=attempts, due_at=timezone.now() + timedelta(seconds=2**attempts)
    )
    if not taken:
        return False  # another process is at it
    application = Application.objects.get(pk=message.application_id)
    try:
        response = requests.post(
            application.backchannel_logout_uri,
            data={"logout_token": logout_token(message)},
            timeout=_TIMEOUT,
            allow_redirects=False,
        )
        response.raise_for_status()
    except requests.RequestException as error:
        logger.warning("Sign-out message %s did not arrive: %s", message.jti, type(error).__name__)
        LogoutMessage.objects.filter(pk=message.pk).update(last_error=str(error)[:200])
        return False
    LogoutMessage.objects.filter(pk=message.pk).update(delivered_at=timezone.now(), last_error="")
    return True
