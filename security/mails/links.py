"""The links of mails: what they hold is signed, and opens nothing but one subscription."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

VALID_FOR = timedelta(days=3)
_CONFIRM, _UNSUBSCRIBE = "security-mails.confirm", "security-mails.unsubscribe"


def confirmation_token(subscription_id: UUID) -> str:
    """Another one each time. The database keeps `hashed` of it, so that it can be used once."""
    return signing.dumps([subscription_id.hex, secrets.token_urlsafe(16)], salt=_CONFIRM)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def to_confirm(token: str) -> UUID | None:
    """What a confirmation link is about; None unless we signed it, and not longer ago than VALID_FOR."""
    try:
        subscription_id, _nonce = signing.loads(token, salt=_CONFIRM, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    return UUID(subscription_id)


def to_unsubscribe(token: str) -> UUID | None:
    """What an unsubscribe link is about; None unless we signed it. It never expires: mails are kept for years."""
    try:
        return UUID(signing.Signer(salt=_UNSUBSCRIBE).unsign(token))
    except signing.BadSignature:
        return None


def confirm_url(token: str) -> str:
    return f"{settings.PORTAL_URL}{reverse('security-mails:confirm', args=[token])}"


def unsubscribe_url(subscription_id: UUID) -> str:
    token = signing.Signer(salt=_UNSUBSCRIBE).sign(subscription_id.hex)
    return f"{settings.PORTAL_URL}{reverse('security-mails:unsubscribe', args=[token])}"
