"""Validation of ID tokens, logout tokens and security events: every check there is, or the token is refused."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.evidence import LEEWAY
from accounts.models import TokenSeen
from accounts.oidc import provider
from accounts.oidc.jwts import Rejection, TokenRejected, verified

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_TYPS = frozenset({"logout+jwt", "jwt", ""})  # Back-Channel Logout 1.0, 2.4: the type is recommended only
_SECURITY_EVENT_TYPS = frozenset({"secevent+jwt"})
OLDEST_EVENT = timedelta(days=31)
"""Events on their way for longer are refused, so that replays need not be remembered for ever."""
_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


def validate_id_token(raw: str, *, nonce: str, access_token: str = "") -> dict[str, Any]:
    """Return the claims of a valid ID token (Core 3.1.3.7). Raises TokenRejected, ProviderUnavailable."""
    claims, algorithm = _verified(raw, required=["iss", "sub", "aud", "exp", "iat"])
    if not nonce or not _same(claims.get("nonce"), nonce):
        raise TokenRejected(Rejection.NONCE)
    if "at_hash" in claims and not _hash_matches(claims["at_hash"], access_token, algorithm):
        raise TokenRejected(Rejection.ACCESS_TOKEN_HASH)
    return claims


def validate_logout_token(raw: str) -> dict[str, Any]:
    """Return the claims of a valid logout token (Back-Channel Logout 1.0, 2.6). Replay is the caller's to check."""
    claims, _algorithm = _verified(raw, required=["iss", "aud", "exp", "iat", "jti", "events"], typs=_LOGOUT_TYPS)
    events = claims["events"]
    # An ID token carries a nonce and a logout token must not: neither can be passed off as the other.
    if "nonce" in claims or not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise TokenRejected(Rejection.EVENT)
    if not claims.get("sub") and not claims.get("sid"):
        raise TokenRejected(Rejection.SUBJECT)
    return claims


def validate_security_event(raw: str) -> dict[str, Any]:
    """Return the claims of a valid security event token (RFC 8417; OpenID Shared Signals 1.0 section 4.1).

    Replay is the caller's to check. Raises TokenRejected, ProviderUnavailable.
    """
    claims, _algorithm = _verified(raw, required=["iss", "aud", "iat", "jti", "events"], typs=_SECURITY_EVENT_TYPS)
    events = claims["events"]
    # An event has none of these; whatever has one was made for something else.
    if {"nonce", "exp", "sub"} & claims.keys():
        raise TokenRejected(Rejection.EVENT)
    if (
        not isinstance(events, dict)
        or len(events) != 1
        or not all(isinstance(facts, dict) for facts in events.values())
    ):
        raise TokenRejected(Rejection.EVENT)
    if not isinstance(claims["jti"], str) or not claims["jti"]:
        raise TokenRejected(Rejection.CLAIM_MISSING)
    if time.time() - float(claims["iat"]) > OLDEST_EVENT.total_seconds():
        raise TokenRejected(Rejection.EXPIRED)
    return claims


def remember(issuer: str, jti: str) -> None:
    """Note that a token was accepted; call it in the transaction that acts on it. Raises TokenRejected at a replay."""
    now = timezone.now()
    TokenSeen.objects.filter(seen_at__lt=now - OLDEST_EVENT - LEEWAY).delete()
    try:
        with transaction.atomic():
            TokenSeen.objects.create(issuer=issuer, jti=jti[:255], seen_at=now)
    except IntegrityError as error:
        raise TokenRejected(Rejection.REPLAYED) from error


def _verified(raw: str, *, required: list[str], typs: frozenset[str] = frozenset()) -> tuple[dict[str, Any], str]:
    claims, algorithm = verified(raw, required=required, audiences=[settings.OIDC_RP_CLIENT_ID], typs=typs)
    _check_origin(claims)
    return claims, algorithm


def _check_origin(claims: Mapping[str, Any]) -> None:
    description = provider.metadata()
    expected = description.issuer
    if provider.TENANT_PLACEHOLDER in expected:
        tenant = str(claims.get("tid") or _tenant_of(str(claims["iss"])))
        expected = description.issuer_for(tenant)
    if claims["iss"] != expected or not description.is_issuer(expected):
        raise TokenRejected(Rejection.ISSUER)
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    # Core 3.1.3.7 (3): other audiences would have to be trusted by us, and none is.
    if audiences != [settings.OIDC_RP_CLIENT_ID]:
        raise TokenRejected(Rejection.AUDIENCE)
    if claims.get("azp", settings.OIDC_RP_CLIENT_ID) != settings.OIDC_RP_CLIENT_ID:
        raise TokenRejected(Rejection.AUTHORIZED_PARTY)
    if "sub" in claims and (not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255):
        raise TokenRejected(Rejection.SUBJECT)


def _tenant_of(issuer: str) -> str:
    """Return the tenant in an issuer made from our template; a logout token need not carry `tid`."""
    before, _placeholder, after = settings.OIDC_ISSUER.partition(provider.TENANT_PLACEHOLDER)
    return issuer.removeprefix(before).removesuffix(after)


def _hash_matches(given: object, access_token: str, algorithm: str) -> bool:
    """Core 3.1.3.6: the left half of the access token's hash, base64url without padding."""
    digest = _HASHES[algorithm[-3:]](access_token.encode()).digest()
    left_half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    return _same(given, left_half)


def _same(given: object, expected: str) -> bool:
    """Compare in constant time what a token says; it may be anything JSON can say, also what no text encodes."""
    return isinstance(given, str) and hmac.compare_digest(given.encode(errors="replace"), expected.encode())
