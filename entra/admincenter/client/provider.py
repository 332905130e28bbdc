"""The provider as it describes itself: discovery, signing keys and the token endpoint, over HTTP.

The v1 endpoints: their ID tokens carry `amr` and `auth_time` in every tenant, those of v2 not in all.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

import jwt
import requests
from django.conf import settings
from django.core.cache import cache

from entra.admincenter.client.registration import CLIENT_ID, client_secret, redirect_uri

TENANT_PLACEHOLDER = "{tenantid}"
_TIMEOUT = 5  # seconds
_CACHED_SECONDS = 3600
_REFETCH_SECONDS = 30


class ProviderUnavailable(Exception):
    """The provider does not answer, or answers nonsense."""


class CodeRefused(Exception):
    """The code was used before, has expired, or is another client's."""


def metadata(tenant_id: UUID | None = None) -> dict[str, Any]:
    """What the provider says of itself for one tenant; without one, for the home tenant of whoever signs in.

    Raises ProviderUnavailable, also for a document of another issuer (Discovery 1.0 section 4.3).
    """
    document = _cached(f"{settings.ENTRA_URL}/{tenant_id or 'organizations'}/.well-known/openid-configuration")
    if document.get("issuer") != f"{settings.ENTRA_URL}/{tenant_id or TENANT_PLACEHOLDER}/":
        raise ProviderUnavailable("the discovery document names another issuer")
    return document


def issuer_for(tenant_id: str) -> str:
    return str(metadata()["issuer"]).replace(TENANT_PLACEHOLDER, tenant_id)


def signing_key(kid: str) -> jwt.PyJWK | None:
    """The published key of this id. An unknown one is looked up anew (key rotation), at most twice a minute."""
    url = str(metadata().get("jwks_uri", ""))
    found = _named(_cached(url), kid)
    if found is None and cache.add("admincenter-keys-refetched", 1, _REFETCH_SECONDS):
        found = _named(_cached(url, refetch=True), kid)
    return found


def redeem(*, code: str, verifier: str) -> str:
    """The ID token for a code. Raises CodeRefused, ProviderUnavailable."""
    fields = {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "client_secret": client_secret(),
        "code": code,
        "redirect_uri": redirect_uri(),
        "code_verifier": verifier,
    }
    url = str(metadata()["token_endpoint"])
    answer = _fetch(lambda: requests.post(url, data=fields, timeout=_TIMEOUT, allow_redirects=False))
    return str(answer.get("id_token", ""))


def _named(key_set: dict[str, Any], kid: str) -> jwt.PyJWK | None:
    keys = [key for key in key_set.get("keys", []) if key.get("kid") == kid and key.get("kty") == "RSA"]
    return jwt.PyJWK(keys[0], algorithm="RS256") if len(keys) == 1 else None


def _cached(url: str, *, refetch: bool = False) -> dict[str, Any]:
    key = f"admincenter:{url}"
    known: dict[str, Any] | None = cache.get(key)
    if known is not None and not refetch:
        return known
    document = _fetch(lambda: requests.get(url, timeout=_TIMEOUT, allow_redirects=False))
    cache.set(key, document, _CACHED_SECONDS)
    return document


def _fetch(call: Callable[[], requests.Response]) -> dict[str, Any]:
    try:
        response = call()
        if response.status_code == HTTPStatus.BAD_REQUEST:
            raise CodeRefused
        response.raise_for_status()
        document = response.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderUnavailable(type(error).__name__) from error
    if not isinstance(document, dict):
        raise ProviderUnavailable("not a JSON object")
    return document
