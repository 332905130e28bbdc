"""Sealing of small secrets at rest (refresh tokens, one-time-code seeds, held form posts).

Each value is sealed with AES-256-GCM under a data key derived from the newest master key of the setting
SECRETSTORE_KEYS (newest first) and the purpose; older keys still unseal, so a key is rotated by
prepending a new one. The purpose is authenticated: a value sealed for one purpose is unreadable for another.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_SALT_BYTES = 16
_NONCE_BYTES = 12


class SecretUnreadable(Exception):
    """The sealed value was altered, belongs to another purpose, or its master key is gone."""


def seal(value: str, *, purpose: str) -> str:
    """Return `value` sealed for `purpose` as URL-safe base64 text."""
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    cipher = _cipher(settings.SECRETSTORE_KEYS[0], salt, purpose)
    return base64.urlsafe_b64encode(salt + nonce + cipher.encrypt(nonce, value.encode(), purpose.encode())).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Return the value that `seal` was given. Raises SecretUnreadable."""
    try:
        raw = base64.urlsafe_b64decode(sealed)
    except ValueError as error:
        raise SecretUnreadable(purpose) from error
    salt, nonce, body = (
        raw[:_SALT_BYTES],
        raw[_SALT_BYTES : _SALT_BYTES + _NONCE_BYTES],
        raw[_SALT_BYTES + _NONCE_BYTES :],
    )
    for master in settings.SECRETSTORE_KEYS:
        try:
            return _cipher(master, salt, purpose).decrypt(nonce, body, purpose.encode()).decode()
        except (InvalidTag, ValueError):
            continue
    raise SecretUnreadable(purpose)


def purpose_keys(purpose: str) -> list[bytes]:
    """A key of 32 bytes for `purpose` from each of SECRETSTORE_KEYS, newest first: sign with the first, accept all."""
    return [_derived(master, None, purpose) for master in settings.SECRETSTORE_KEYS]


def _cipher(master: str, salt: bytes, purpose: str) -> AESGCM:
    return AESGCM(_derived(master, salt, purpose))


def _derived(master: str, salt: bytes | None, purpose: str) -> bytes:
    derivation = HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=purpose.encode())
    return derivation.derive(master.encode())
