"""An authenticator app (RFC 6238), as on the persona's phone."""

import base64
import hashlib
import hmac
import struct
import time

PERIOD = 30  # seconds a step
AHEAD = 1  # steps of clock difference that a provider forgives (RFC 6238 section 5.2)
DIGITS = 6


class Authenticator:
    """Set up with the key a registration page shows. It shows no code twice: the next one half a minute early, as a
    phone whose clock is fast, and waits for those after it."""

    def __init__(self, key: str) -> None:
        compact = key.replace(" ", "").upper()
        self._secret = base64.b32decode(compact + "=" * (-len(compact) % 8))
        self._last = 0

    def code(self) -> str:
        step = max(self._last + 1, int(time.time()) // PERIOD)
        while step > time.time() // PERIOD + AHEAD:
            time.sleep(0.2)
        self._last = step
        digest = hmac.new(self._secret, struct.pack(">Q", step), hashlib.sha1).digest()
        offset = digest[-1] & 0x0F
        number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
        return str(number % 10**DIGITS).zfill(DIGITS)
