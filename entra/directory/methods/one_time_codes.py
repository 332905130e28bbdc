"""Time-based one-time codes (RFC 6238) of authenticator apps and hardware tokens, on django-otp's algorithm."""

import base64
import os
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP

from entra.directory.models import AuthenticatorApp, HardwareToken
from secretstore import seal, unseal

SEED_BYTES = 20  # 160 bits, RFC 4226 section 4, R6
TOLERANCE = 1  # steps: one step of clock difference or of typing time either way
_PURPOSE = "one-time-code seed"

Device = TypeVar("Device", AuthenticatorApp, HardwareToken)


def new_seed() -> str:
    """A sealed seed from the system's random source."""
    return seal_seed(os.urandom(SEED_BYTES))


def seal_seed(seed: bytes) -> str:
    return seal(base64.b32encode(seed).decode(), purpose=_PURPOSE)


def seed_base32(device: AuthenticatorApp | HardwareToken) -> str:
    """The seed as authenticator apps take it typed: base32 without padding."""
    return unseal(device.seed_sealed, purpose=_PURPOSE).rstrip("=")


def current_code(device: AuthenticatorApp | HardwareToken, *, now: datetime | None = None) -> str:
    """The code the device shows at `now`. For the demo's persona page and for tests."""
    return f"{_totp(device, now or timezone.now()).token():0{device.digits}d}"


def accept(device: Device, code: str) -> bool:
    """Whether `code` is right now and was not accepted before; a right code is used up (ASVS 6.5.1)."""
    digits = "".join(code.split())
    if len(digits) != device.digits or not (digits.isascii() and digits.isdigit()):
        return False
    now = timezone.now()
    with transaction.atomic():
        locked = type(device)._default_manager.select_for_update().get(pk=device.pk)
        totp = _totp(locked, now)
        if not totp.verify(int(digits), tolerance=TOLERANCE, min_t=locked.last_step + 1):
            return False
        locked.last_step, locked.last_used_at = totp.t(), now
        locked.save(update_fields=["last_step", "last_used_at"])
    return True


def _totp(device: AuthenticatorApp | HardwareToken, now: datetime) -> TOTP:
    seed = base64.b32decode(unseal(device.seed_sealed, purpose=_PURPOSE))
    totp = TOTP(seed, step=device.interval, digits=device.digits)
    totp.time = now.timestamp()
    return totp
