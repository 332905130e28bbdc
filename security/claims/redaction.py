"""What of a third party's claims is shown: texts of a bounded length without secrets."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 500
MOST = 200
WITHHELD = "[withheld]"
_SECRET_NAMES = re.compile(
    r"passw|passphrase|secret|token|credential|signature|certificate|x509|x5c|private|api.?key|assertion|cookie"
    r"|nonce|verifier|(?:^|[^a-z])(?:(?:auth(?:orization)?|user|device|one.?time)[._ -]?)?(?:code|otp|totp|pin)$",
    re.IGNORECASE,
)
_SECRET_VALUES = re.compile(r"\beyJ[\w-]{10}|-----BEGIN|\b(?i:bearer|basic)\s+\S|^[\w+/.~-]{100,}={0,2}$", re.ASCII)
"""A JWT, PEM, a header's credentials, or one long run without a space: a certificate or an opaque token."""


def shown(name: str, values: Iterable[str]) -> tuple[str, ...]:
    """The values of one claim as a page may show them."""
    return tuple(_value(name, value) for value in list(values)[:MOST])


def printable(text: str) -> str:
    """The start of a text; signs that no page shows become U+FFFD, so that they are seen to be there."""
    return "".join("\ufffd" if unicodedata.category(sign).startswith("C") else sign for sign in text[:LONGEST])


def _value(name: str, value: str) -> str:
    unfolded = "".join(value.split())  # as base64 often is
    if _SECRET_NAMES.search(name) or _SECRET_VALUES.search(value) or _SECRET_VALUES.search(unfolded):
        return WITHHELD
    return printable(value)
