"""Signing keys: one active, the next published ahead, retired ones published until their tokens have expired.

Because the next key is in the published set before it ever signs, a relying party that caches the set
(OIDC Core 10.1.1) never meets an unknown key.
"""

import base64
import hashlib
import json
import time
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt
import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from django.db import IntegrityError, transaction
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm

from entra.keys.models import KeyState, SigningKey
from secretstore import seal, unseal

ALGORITHM = "RS256"
RETIRED_FOR = timedelta(days=2)
CACHED_FOR = timedelta(hours=1)
"""How long relying parties may keep the key set: the `max-age` it is served with."""
ACTIVE_FOR = 5.0
"""Seconds for which a process signs with the active key before it asks which one that is: longer than a request, and
nothing beside the hour for which the next key is published before it signs and the two days after which it goes."""
_PURPOSE = "signing-key"


def sign(claims: dict[str, Any], *, typ: str = "JWT") -> str:
    """A compact JWS of `claims` by the active key (RFC 7515 section 3.1)."""
    kid, private = active_key.get()
    signed = _header(kid, typ) + b"." + _base64url(msgspec.json.encode(claims))
    return (signed + b"." + _base64url(private.sign(signed, PKCS1v15(), hashes.SHA256()))).decode()


class _Active:
    """The key that signs, as this process last saw it."""

    def __init__(self) -> None:
        self._seen: tuple[float, str, RSAPrivateKey] | None = None

    def get(self) -> tuple[str, RSAPrivateKey]:
        now, seen = time.monotonic(), self._seen
        if seen is None or seen[0] + ACTIVE_FOR < now:
            row = SigningKey.objects.filter(state=KeyState.ACTIVE).first() or _first_keys()
            seen = self._seen = (now, row.kid, _private(row.kid, row.private_sealed))
        return seen[1:]

    def forget(self) -> None:
        self._seen = None


active_key = _Active()


def read_signed(token: str, *, verify_exp: bool = True) -> dict[str, Any] | None:
    """The claims of a JWS that one of our keys signed, else None. Issuer and audience are the caller's to check."""
    try:
        header = jwt.get_unverified_header(token)
        kid = str(header.get("kid", ""))
        key = SigningKey.objects.filter(kid=kid).first() if kid.isascii() and kid.isprintable() else None
        if key is None:
            return None
        public = RSAAlgorithm.from_jwk(key.public_jwk)
        if not isinstance(public, RSAPublicKey):
            return None
        options: Any = {
            "verify_exp": verify_exp,
            "verify_aud": False,
            "verify_iat": verify_exp,
            "verify_nbf": verify_exp,
        }
        claims: dict[str, Any] = jwt.decode(token, public, algorithms=[ALGORITHM], options=options)
    except jwt.InvalidTokenError:
        return None
    return claims


def published_keys() -> list[dict[str, Any]]:
    """The JWK set: active, next and retired keys (RFC 7517)."""
    keys = [key.public_jwk for key in SigningKey.objects.order_by("created_at")]
    if not keys:
        _first_keys()
        return published_keys()
    return keys


class TooEarly(Exception):
    """The next key has not been published long enough for every cached key set to hold it."""


@transaction.atomic
def rotate(*, hurry: bool = False) -> SigningKey:
    """The next key signs from now on, a new next key is published, and keys retired long enough are removed.

    Raises TooEarly, unless in a `hurry`: after a compromise, failing checks for an hour are the lesser evil.
    """
    now = timezone.now()
    # Locked: whoever rotates at the same time waits, finds that it is done, and leaves it at that.
    coming = SigningKey.objects.select_for_update().filter(state=KeyState.NEXT).first()
    if coming is None:
        return _first_keys()
    if not hurry and coming.created_at > now - CACHED_FOR:
        raise TooEarly
    SigningKey.objects.filter(state=KeyState.RETIRED, retired_at__lt=now - RETIRED_FOR).delete()
    SigningKey.objects.filter(state=KeyState.ACTIVE).update(state=KeyState.RETIRED, retired_at=now)
    SigningKey.objects.filter(state=KeyState.NEXT).update(state=KeyState.ACTIVE)
    _create(KeyState.NEXT, now)
    active_key.forget()
    return SigningKey.objects.get(state=KeyState.ACTIVE)


def _first_keys() -> SigningKey:
    """The first active key. Of two processes that start at once one makes it, and the other finds it."""
    with suppress(IntegrityError), transaction.atomic():
        if not SigningKey.objects.filter(state=KeyState.ACTIVE).exists():
            now = timezone.now()
            _create(KeyState.ACTIVE, now)
            _create(KeyState.NEXT, now)
    return SigningKey.objects.get(state=KeyState.ACTIVE)


def _create(state: KeyState, now: datetime) -> SigningKey:
    private = generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    numbers = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    thumbprint = _thumbprint({"e": numbers["e"], "kty": "RSA", "n": numbers["n"]})
    jwk = {"kty": "RSA", "use": "sig", "alg": ALGORITHM, "kid": thumbprint, "n": numbers["n"], "e": numbers["e"]}
    return SigningKey.objects.create(
        kid=thumbprint, state=state, private_sealed=seal(pem, purpose=_PURPOSE), public_jwk=jwk, created_at=now
    )


def _thumbprint(members: dict[str, str]) -> str:
    """RFC 7638."""
    digest = hashlib.sha256(json.dumps(members, sort_keys=True, separators=(",", ":")).encode()).digest()
    return _base64url(digest).decode()


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


@lru_cache(maxsize=32)
def _header(kid: str, typ: str) -> bytes:
    return _base64url(json.dumps({"alg": ALGORITHM, "kid": kid, "typ": typ}, separators=(",", ":")).encode())


@lru_cache(maxsize=8)
def _private(kid: str, sealed: str) -> RSAPrivateKey:
    """Parsing an RSA key costs more than signing with it, so the last few stay in memory."""
    key = serialization.load_pem_private_key(unseal(sealed, purpose=_PURPOSE).encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        message = f"{kid} is not an RSA key"
        raise TypeError(message)
    return key
