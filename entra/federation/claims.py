"""What is kept of a third party's claims to be looked at later: a bounded, printable part that opens no door.

Pure: texts in, texts out.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

LONGEST = 200
MOST = 50
WITHHELD = "[withheld]"
_DEEPEST = 3
_SECRET_NAMES = re.compile(
    r"passw|passphrase|secret|token|credential|signature|certificate|x509|x5c|private|api.?key|assertion|cookie"
    r"|nonce|verifier|(?:^|[^a-z])(?:(?:auth(?:orization)?|user|device|one.?time)[._ -]?)?(?:code|otp|totp|pin)$",
    re.IGNORECASE,
)
_SECRET_VALUES = re.compile(r"\beyJ[\w-]{10}|-----BEGIN|\b(?i:bearer|basic)\s+\S|^[\w+/.~-]{100,}={0,2}$", re.ASCII)
"""A JWT, PEM, a header's credentials, or one long run without a space: a certificate or an opaque token."""
_LOOKED_AT = 4 * LONGEST  # more than is kept, so that what is cut is recognized too


def kept_claims(given: Iterable[tuple[str, Iterable[str]]]) -> list[dict[str, Any]]:
    """Name and values of the first claims, MOST values in all. What is or may be a secret leaves its name alone."""
    rows: list[dict[str, Any]] = []
    left = MOST
    for name, values in given:
        if left <= 0:
            break
        some = list(islice(values, left))
        left -= max(len(some), 1)
        rows.append({"name": printable(name), "values": [_kept_value(name, value) for value in some]})
    return rows


def printable(text: str) -> str:
    """The start of a text. What no page shows or no database takes becomes U+FFFD, so that it is seen to be there."""
    return "".join("\ufffd" if unicodedata.category(sign).startswith("C") else sign for sign in text[:LONGEST])


def flattened(claims: Mapping[str, Any], depth: int = 1) -> Iterator[tuple[str, list[str]]]:
    """The claims of a token as names and texts; those of an object inside have a dotted name."""
    for name, value in claims.items():
        if isinstance(value, dict) and depth < _DEEPEST:
            for inner, values in flattened(value, depth + 1):
                yield f"{name}.{inner}", values
        else:
            yield name, [_text(one) for one in (value if isinstance(value, list) else [value])]


def _text(value: object) -> str:
    if isinstance(value, dict | list):
        return WITHHELD
    return value if isinstance(value, str) else json.dumps(value)


def _kept_value(name: str, value: str) -> str:
    start = value[:_LOOKED_AT]
    unfolded = "".join(line.strip() for line in start.splitlines())  # as base64 often is
    if _SECRET_NAMES.search(name) or _SECRET_VALUES.search(start) or _SECRET_VALUES.search(unfolded):
        return WITHHELD
    return printable(value)
