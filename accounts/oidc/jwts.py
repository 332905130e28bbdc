"""The common part of validating any token of the provider: algorithm, key, signature and times."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import jwt
from django.conf import settings

from accounts.evidence import LEEWAY
from accounts.oidc import provider


class Rejection(StrEnum):
    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    KEY = "key"
    SIGNATURE = "signature"
    CLAIM_MISSING = "claim-missing"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    AUTHORIZED_PARTY = "authorized-party"
    NONCE = "nonce"
    TENANT = "tenant"
    ACCESS_TOKEN_HASH = "access-token-hash"
    EVENT = "event"
    SUBJECT = "subject"
    REPLAYED = "replayed"
    REVOKED = "revoked"


class TokenRejected(Exception):
    """A token failed validation. Carries the reason, never the token."""

    def __init__(self, reason: Rejection) -> None:
        super().__init__(reason.value)
        self.reason = reason


def verified(
    raw: str, *, required: Sequence[str], audiences: Sequence[str], typs: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], str]:
    """Return the claims of a token with a good signature, for one of these audiences, and its algorithm.

    The issuer and what the claims mean are the caller's to check. Raises TokenRejected, ProviderUnavailable.
    """
    algorithm, kid = _header(raw, typs)
    keys = provider.signing_keys(kid, algorithm)
    if len(keys) != 1:  # none, or no `kid` and a choice of keys: we do not guess
        raise TokenRejected(Rejection.KEY)
    try:
        claims: dict[str, Any] = jwt.decode(
            raw,
            keys[0],
            algorithms=[algorithm],
            audience=audiences,
            leeway=LEEWAY,
            options={"require": list(required)},
        )
    except jwt.PyJWTError as error:
        raise TokenRejected(_reason(error)) from error
    return claims, algorithm


def _header(raw: str, typs: frozenset[str]) -> tuple[str, str | None]:
    try:
        header: Mapping[str, Any] = jwt.get_unverified_header(raw)
    except jwt.PyJWTError as error:
        raise TokenRejected(Rejection.MALFORMED) from error
    # An allow-list of ours, never the token's own choice: refuses `none` and HMAC with a public key (ASVS 9.1.2).
    if header.get("alg") not in settings.OIDC_ALGORITHMS:
        raise TokenRejected(Rejection.ALGORITHM)
    if typs and str(header.get("typ", "")).lower() not in typs:
        raise TokenRejected(Rejection.MALFORMED)
    return str(header["alg"]), header.get("kid")


def _reason(error: jwt.PyJWTError) -> Rejection:
    reasons: list[tuple[type[jwt.PyJWTError], Rejection]] = [
        (jwt.ExpiredSignatureError, Rejection.EXPIRED),
        (jwt.ImmatureSignatureError, Rejection.NOT_YET_VALID),
        (jwt.InvalidAudienceError, Rejection.AUDIENCE),
        (jwt.MissingRequiredClaimError, Rejection.CLAIM_MISSING),
        (jwt.InvalidSignatureError, Rejection.SIGNATURE),
        (jwt.InvalidIssuerError, Rejection.ISSUER),
    ]
    return next((reason for kind, reason in reasons if isinstance(error, kind)), Rejection.MALFORMED)
