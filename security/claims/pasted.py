"""A text that somebody pasted: XML, the base64 of a SAMLResponse field, the form post with it, or a JWT."""

import base64
import re
from urllib.parse import unquote

from security.claims.said import Problem, Said, Unreadable
from security.claims.saml import read_assertion
from security.claims.token import read_token

LARGEST = 256 * 1024
"""Bytes of XML."""
_FIELD = "SAMLResponse="
LONGEST = (LARGEST + 2) // 3 * 4 + len(_FIELD)
"""Characters of a text: in base64 a third more."""
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}", re.ASCII)
_JWT = re.compile(r"[\w-]+(\.[\w-]*){2,4}", re.ASCII)


def read_pasted(text: str) -> Said:
    """Return what it says. Raises Unreadable. Nothing is fetched, checked or kept."""
    if len(text) > LONGEST:
        raise Unreadable(Problem.TOO_LARGE)
    stripped = text.strip().removeprefix("\ufeff").removeprefix("Bearer ").removeprefix(_FIELD)
    if not stripped:
        raise Unreadable(Problem.EMPTY)
    if stripped.startswith("<"):
        return _assertion(stripped.encode(errors="replace"))
    unfolded = "".join(unquote(stripped.partition("&")[0]).split())
    if _JWT.fullmatch(unfolded):
        return read_token(unfolded)
    if not _BASE64.fullmatch(unfolded):
        raise Unreadable(Problem.NEITHER)
    try:
        return _assertion(base64.b64decode(unfolded, validate=True))
    except ValueError as error:
        raise Unreadable(Problem.NEITHER) from error


def _assertion(xml: bytes) -> Said:
    if len(xml) > LARGEST:
        raise Unreadable(Problem.TOO_LARGE)
    return read_assertion(xml)
