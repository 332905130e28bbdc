"""Back-channel logout: applications are told that a session or an account has been signed out.

A message is a row first, so it is not lost with the process; it is sent at once and again until it arrives
(OpenID Connect Back-Channel Logout 1.0 section 2.5).
"""

import logging
import uuid
from datetime import timedelta

import requests
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from entra.apps.models import Application
from entra.directory.models import User
from entra.keys.services import sign
from entra.oauth.models import Grant, LogoutMessage
from entra.oauth.names import issuer, pairwise_subject

logger = logging.getLogger(__name__)
EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_LIFETIME = timedelta(minutes=2)
MOST_ATTEMPTS = 12
_TIMEOUT = 3  # seconds; the person who signs out waits for the first attempt


def announce_sign_out(sid: uuid.UUID) -> None:
    """Tell every application that got a token in this session."""
    grants = Grant.objects.filter(session_id=sid).exclude(application__backchannel_logout_uri="")
    _announce(grants.values_list("application_id", "account_id", "tenant_id", "version").distinct(), sid)


def announce_revocation(account: User) -> None:
    """Tell every application that has a grant of this account, without a session: all of them are meant."""
    grants = Grant.objects.filter(account__in=[account, *account.guest_accounts.all()])
    grants = grants.exclude(application__backchannel_logout_uri="")
    _announce(grants.values_list("application_id", "account_id", "tenant_id", "version").distinct(), None)


def deliver_due() -> int:
    """Try every message that is due; returns how many arrived."""
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


def _announce(told: QuerySet[Grant, tuple[uuid.UUID, uuid.UUID, uuid.UUID, str]], sid: uuid.UUID | None) -> None:
    now = timezone.now()
    with transaction.atomic():
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
            for application_id, account_id, tenant_id, version in told
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
