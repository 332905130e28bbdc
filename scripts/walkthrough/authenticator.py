"""An authenticator app (RFC 6238), as on the persona's phone."""

import base64
import hashlib
import hmac
import struct
import time

PERIOD = 30
DIGITS = 6


class Authenticator:
    """Set up with the key a registration page shows. Waits for a new code rather than using one twice."""

    def __init__(self, key: str) -> None:
        compact = key.replace(" ", "").upper()
        self._secret = base64.b32decode(compact + "=" * (-len(compact) % 8))
        self._last = 0

    def code(self) -> str:
        while (step := int(time.time()) // PERIOD) == self._last:
            time.sleep(0.5)
        self._last = step
        digest = hmac.new(self._secret, struct.pack(">Q", step), hashlib.sha1).digest()
        offset = digest[-1] & 0x0F
        number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
        return str(number % 10**DIGITS).zfill(DIGITS)
