"""Reads what a JWT says. Its signature is not looked at: any key could have made it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jwt

from security.claims.redaction import MOST, WITHHELD, shown
from security.claims.said import Claim, Problem, Said, Source, Unreadable
from security.claims.verdict import claims_of

_CONTROL = "control-answer+jwt"
_FRAME = ("iss", "sub", "aud", "iat", "nbf", "exp", "jti", "tid", "upn", "unique_name")
_DEEPEST = 3


def read_token(text: str) -> Said:
    """Return what a compact JWS says. Raises Unreadable."""
    if text.count(".") == 4:  # RFC 7516 section 3.1
        raise Unreadable(Problem.ENCRYPTED)
    try:
        decoded = jwt.decode_complete(text, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise Unreadable(Problem.NOT_A_TOKEN) from error
    claims: dict[str, Any] = decoded["payload"]
    rows = [(name, values) for name, values in _flattened(claims) if values]
    framing = [row for row in rows if row[0] in _FRAME][:MOST]
    return Said(
        source=_source(decoded["header"]),
        facts=tuple(Claim(name, shown(name, values), True) for name, values in framing),
        claims=claims_of(row for row in rows if row[0] not in _FRAME),
    )


def _source(header: Mapping[str, Any]) -> Source:
    if str(header.get("alg", "")).strip().casefold() in {"", "none"}:
        return Source.UNSIGNED
    return Source.CONTROL if header.get("typ") == _CONTROL else Source.TOKEN


def _flattened(claims: Mapping[str, Any], depth: int = 1) -> Iterator[tuple[str, list[str]]]:
    """Names and texts; the claims of an object inside have a dotted name.

    `amr` is a list (RFC 8176): a mere text is quoted, so that it is seen and does not pass for an entry.
    """
    for name, value in claims.items():
        if name == "amr" and isinstance(value, str):
            yield name, [json.dumps(value)]
        elif isinstance(value, dict) and depth < _DEEPEST:
            for inner, values in _flattened(value, depth + 1):
                yield f"{name}.{inner}", values
        else:
            yield name, [_text(one) for one in (value if isinstance(value, list) else [value])]


def _text(value: object) -> str:
    if isinstance(value, dict | list):
        return WITHHELD
    return value if isinstance(value, str) else json.dumps(value)
