"""Full validation of an ID token (OIDC Core 3.1.3.7), and the MFA that the admin center demands."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import jwt

from entra.admincenter.client import provider
from entra.admincenter.client.registration import CLIENT_ID

_LEEWAY = timedelta(seconds=30)
_REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce", "tid", "oid", "sid", "amr", "auth_time"]


class Rejection(StrEnum):
    TOKEN = "token"
    """Not signed by the provider for us, expired, or not for this request."""
    NO_MFA = "noMfa"


class NotAccepted(Exception):
    """Carries the reason, never the token."""

    def __init__(self, reason: Rejection) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Identity:
    """Whom the provider vouches for, in which tenant, in which of its sessions, and when they verified."""

    tenant_id: UUID
    account_id: UUID
    session_id: UUID
    mfa_at: datetime


def read(raw: str, *, nonce: str) -> Identity:
    """Raises NotAccepted, ProviderUnavailable."""
    claims = _verified(raw)
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise NotAccepted(Rejection.TOKEN)
    try:
        identity = Identity(
            UUID(claims["tid"]),
            UUID(claims["oid"]),
            UUID(claims["sid"]),
            datetime.fromtimestamp(int(claims["auth_time"]), UTC),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise NotAccepted(Rejection.TOKEN) from error
    if claims["iss"] != provider.issuer_for(str(identity.tenant_id)):
        raise NotAccepted(Rejection.TOKEN)
    if not isinstance(claims["amr"], list) or "mfa" not in claims["amr"]:
        raise NotAccepted(Rejection.NO_MFA)
    return identity


def _verified(raw: str) -> dict[str, Any]:
    try:
        key = provider.signing_key(str(jwt.get_unverified_header(raw).get("kid", "")))
        if key is None:
            raise NotAccepted(Rejection.TOKEN)
        claims: dict[str, Any] = jwt.decode(
            raw, key, algorithms=["RS256"], audience=CLIENT_ID, leeway=_LEEWAY, options={"require": _REQUIRED}
        )
    except jwt.PyJWTError as error:
        raise NotAccepted(Rejection.TOKEN) from error
    if claims["aud"] != CLIENT_ID or claims.get("azp", CLIENT_ID) != CLIENT_ID:
        raise NotAccepted(Rejection.TOKEN)
    return claims
