"""The request parameter `claims`: what tokens have to say, or should, and what the client takes (OIDC Core 5.5)."""

import json
from typing import Any

from django.http import QueryDict

from entra.oauth.errors import OAuthError


def read_claims(given: QueryDict) -> dict[str, Any]:
    """The parts of `claims` we know, each an object, empty when it is not given (OIDC Core 5.5). Raises OAuthError."""
    try:
        claims = json.loads(given.get("claims") or "{}", object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise OAuthError("invalid_request", 9002313, "claims") from error
    if not isinstance(claims, dict):
        raise OAuthError("invalid_request", 9002313, "claims")
    named = {name: claims.get(name) for name in ("id_token", "access_token", "userinfo")}
    parts = {name: {} if part is None else part for name, part in named.items()}
    if not all(isinstance(part, dict) for part in parts.values()):
        raise OAuthError("invalid_request", 9002313, "claims")
    return parts


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "a member is given twice, and only one of them would count"
        raise ValueError(message)
    return found


def requested(claims: dict[str, Any], name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values asked for `name`, essential ones and voluntary ones, of the ID token or the access token."""
    essential: tuple[str, ...] = ()
    voluntary: tuple[str, ...] = ()
    for part in ("id_token", "access_token"):
        asked = claims[part].get(name)
        if asked is None:
            continue  # null asks for the claim without a value
        values = values_of(asked)
        if asked.get("essential"):
            essential = agreed(essential, values, "claims")
        else:
            voluntary += values
    return essential, voluntary


def values_of(asked: Any) -> tuple[str, ...]:
    """What one claim is to be. What cannot be understood is refused: left out, it would be a demand not met."""
    if not (isinstance(asked, dict) and isinstance(asked.get("essential", False), bool)):
        raise OAuthError("invalid_request", 9002313, "claims")
    value, values = asked.get("value"), asked.get("values")
    if values is None and value is None:
        return ()  # only the claim is wanted, whatever it says
    values = [value] if values is None else values
    # Characters that cannot be printed, NUL and half surrogates among them, are in no value and in no database.
    if not (isinstance(values, list) and values and all(isinstance(v, str | int) for v in values)):
        raise OAuthError("invalid_request", 9002313, "claims")
    if not all(str(value).isprintable() for value in values):
        raise OAuthError("invalid_request", 9002313, "claims")
    return tuple(str(value) for value in values)


def agreed(one: tuple[str, ...], other: tuple[str, ...], parameter: str) -> tuple[str, ...]:
    """One sign-in answers for all tokens: demands made in two places have to be the same."""
    if one and other and set(one) != set(other):
        raise OAuthError("invalid_request", 90023, parameter)
    return one or other
