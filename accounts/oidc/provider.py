"""The identity provider as it describes itself: discovery and signing keys, cached (OpenID Connect Discovery 1.0)."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import jwt
import requests
from django.conf import settings
from django.core.cache import cache
from mozilla_django_oidc.utils import import_from_settings

TENANT_PLACEHOLDER = "{tenantid}"
_ANY_TENANT = "/organizations/"
_FRESH = timedelta(hours=1)
_STALE = timedelta(days=1)
_REFETCH_EVERY = timedelta(seconds=30)
_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class ProviderUnavailable(Exception):
    """The provider is down, slow, or answers nonsense. The session is kept and the person can try again."""


@dataclass(frozen=True, slots=True)
class ProviderMetadata:
    issuer: str
    values: Mapping[str, Any]

    def endpoint(self, name: str) -> str:
        return str(self.values.get(name, ""))

    @property
    def announces_iss(self) -> bool:
        """Whether every authorization response must carry `iss` (RFC 9207 section 3)."""
        return self.values.get("authorization_response_iss_parameter_supported") is True

    @property
    def takes_claims(self) -> bool:
        """Whether the `claims` request parameter is announced; left out means no (Discovery 1.0 section 3)."""
        return self.values.get("claims_parameter_supported") is True

    def is_issuer(self, candidate: str) -> bool:
        """Tell whether a string names this issuer; a template matches with any lower-case tenant GUID in its place."""
        pattern = re.escape(self.issuer).replace(re.escape(TENANT_PLACEHOLDER), _GUID)
        return re.fullmatch(pattern, candidate) is not None

    def issuer_for(self, tenant_id: str) -> str:
        return self.issuer.replace(TENANT_PLACEHOLDER, tenant_id)


def metadata(tenant: UUID | None = None) -> ProviderMetadata:
    """Return the provider's description, or that of one of its tenants. Raises ProviderUnavailable.

    A provider that has no tenants describes itself the same for all of them.
    """
    url, issuer = settings.OIDC_DISCOVERY_URL, settings.OIDC_ISSUER
    if tenant is not None and has_tenants():
        url, issuer = url.replace(_ANY_TENANT, f"/{tenant}/"), issuer.replace(TENANT_PLACEHOLDER, str(tenant))
    document = _cached("oidc-metadata", url)
    # Discovery 4.3: the issuer must be the one we configured, or a wrong document could redirect everything.
    if document.get("issuer") != issuer:
        raise ProviderUnavailable("the discovery document names another issuer")
    return ProviderMetadata(issuer, document)


def has_tenants() -> bool:
    """Whether people can be sent to a tenant of the provider: its issuer is a template, its addresses are for any."""
    return TENANT_PLACEHOLDER in settings.OIDC_ISSUER and _ANY_TENANT in settings.OIDC_DISCOVERY_URL


def tenant_named(name: str) -> UUID:
    """Return the tenant with this id or domain. Raises ProviderUnavailable, also where there is none."""
    with suppress(ValueError):
        return UUID(name)
    if not has_tenants():
        raise ProviderUnavailable("it has no tenants to choose from")
    document = _cached("oidc-metadata", settings.OIDC_DISCOVERY_URL.replace(_ANY_TENANT, f"/{quote(name, safe='')}/"))
    pattern = re.escape(settings.OIDC_ISSUER).replace(re.escape(TENANT_PLACEHOLDER), f"({_GUID})")
    found = re.fullmatch(pattern, str(document.get("issuer")))
    if found is None:
        raise ProviderUnavailable("the discovery document names another issuer")
    return UUID(found[1])


def signing_keys(kid: str | None, algorithm: str) -> list[jwt.PyJWK]:
    """Return the keys that may have made a signature: the one named by `kid`, or every suitable one without it.

    An unknown `kid` is looked up again at the provider (key rotation), at most twice a minute, so that
    forged tokens cannot make us hammer it.
    """
    url = metadata().endpoint("jwks_uri")
    keys = _suitable(_cached("oidc-jwks", url), kid, algorithm)
    if not keys and kid is not None and cache.add("oidc-jwks-refetched", 1, _REFETCH_EVERY.total_seconds()):
        keys = _suitable(_cached("oidc-jwks", url, refetch=True), kid, algorithm)
    return keys


def _suitable(jwks: Mapping[str, Any], kid: str | None, algorithm: str) -> list[jwt.PyJWK]:
    family = {"R": "RSA", "P": "RSA", "E": "EC"}.get(algorithm[:1])
    found = []
    listed = jwks.get("keys")
    for raw in listed if isinstance(listed, list) else ():
        if not isinstance(raw, dict) or (kid is not None and raw.get("kid") != kid):
            continue
        usable = raw.get("kty") == family and raw.get("use", "sig") == "sig"
        if usable and raw.get("alg", algorithm) == algorithm:
            with suppress(jwt.PyJWTError):  # a key that makes no sense is passed over (RFC 7517 section 5)
                found.append(jwt.PyJWK(raw, algorithm=algorithm))
    return found


def _cached(name: str, url: str, *, refetch: bool = False) -> dict[str, Any]:
    """Return a JSON document at most an hour old, or up to a day old while the provider does not answer."""
    key = f"{name}:{url}"
    fresh: dict[str, Any] | None = cache.get(f"{key}:fresh")
    if fresh is not None and not refetch:
        return fresh
    try:
        document = fetch(lambda: requests.get(url, timeout=settings.OIDC_TIMEOUT))
    except ProviderUnavailable:
        stale: dict[str, Any] | None = cache.get(f"{key}:stale")
        if stale is None:
            raise
        return stale
    cache.set(f"{key}:fresh", document, _FRESH.total_seconds())
    cache.set(f"{key}:stale", document, _STALE.total_seconds())
    return document


def fetch(call: Callable[[], requests.Response]) -> dict[str, Any]:
    """Make one call to the provider and return its JSON object. Raises ProviderUnavailable."""
    try:
        response = call()
        response.raise_for_status()
        document = response.json()
    except (OSError, ValueError) as error:  # a missing REQUESTS_CA_BUNDLE is a bare OSError
        raise ProviderUnavailable(str(error)) from error
    if not isinstance(document, dict):
        raise ProviderUnavailable("not a JSON object")
    return document


_DISCOVERED = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}


class DiscoveredSettings:
    """Gives mozilla-django-oidc's classes their endpoints from discovery instead of from settings."""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        if attr in _DISCOVERED:
            return metadata().endpoint(_DISCOVERED[attr])
        return import_from_settings(attr, *args)
