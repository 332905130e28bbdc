"""Graph clients: as the signed-in person, by the session's refresh token; and as the portal itself in a tenant."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import requests
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from accounts import sessions
from accounts.models import PortalSession, SessionTokens
from accounts.oidc import provider
from accounts.oidc.flows import REFRESH_TOKEN
from msgraph.client import GraphClient, GraphRefused, GraphUnavailable
from secretstore import seal, unseal

_ACCESS_TOKEN = "portal-graph-token"
_APPLICATION_TOKEN = "portal-graph-application-token"
_DEFAULT = "/.default"
_EARLY = 120  # seconds before its end a token is no longer used


class NoDirectory(Exception):
    """The portal has no directory API (GRAPH_URL), this session no refresh token for it, or it has no such tenant."""


def graph_for(request: HttpRequest) -> GraphClient:
    """A client that calls as the person of this request. Raises NoDirectory."""
    session = sessions.of(request)
    if session is None:
        raise NoDirectory
    return graph_of(session)


def graph_of(session: PortalSession) -> GraphClient:
    """A client that calls as the person of this session, for work that outlives a request. Raises NoDirectory."""
    if not settings.GRAPH_URL:
        raise NoDirectory
    return GraphClient(lambda: _access_token(session))


def graph_as_application(tenant_id: UUID) -> GraphClient:
    """A client that calls as the portal itself in a partner tenant, for work that nobody waits for. Raises NoDirectory.

    It may do what an administrator there consented to (docs/connecting.md). Without any of it each call raises
    GraphRefused with the provider's word for that; without a single permission, one that names it.
    """
    # A provider without tenants would answer for any of them with the one directory it has.
    of_provider = {settings.OIDC_PARTNER_TENANT, *settings.OIDC_ISSUER.split("/")}
    if not settings.GRAPH_URL or not (provider.has_tenants() or str(tenant_id) in of_provider):
        raise NoDirectory
    return GraphClient(lambda: _application_token(tenant_id))


def forget_application_token(tenant_id: UUID) -> None:
    """The next call fetches a new token, with what the tenant's administrator has consented to since."""
    cache.delete(f"{_APPLICATION_TOKEN}:{tenant_id}")


def _application_token(tenant_id: UUID) -> str:
    """As `_access_token`, by the client_credentials grant (RFC 6749 section 4.4) at the tenant's own endpoint."""
    purpose = f"{_APPLICATION_TOKEN}:{tenant_id}"
    kept = cache.get(purpose)
    if kept:
        return unseal(kept, purpose=purpose)
    endpoint = _token_endpoint(tenant_id)
    scope = settings.GRAPH_APP_SCOPE or f"{settings.GRAPH_URL}{_DEFAULT}"
    # Entra's v1.0 endpoint takes the name of the API instead.
    first = urlsplit(endpoint).path.endswith("/oauth2/token")
    asked = {"resource": scope.removesuffix(_DEFAULT)} if first else {"scope": scope}
    return _kept(_requested(endpoint, {"grant_type": "client_credentials", **asked}), purpose)


def _access_token(session: PortalSession) -> str:
    """A current access token, kept sealed until shortly before its end. Raises GraphUnavailable, GraphRefused."""
    purpose = _kept_as(session)
    kept = cache.get(purpose)
    if kept:
        return unseal(kept, purpose=purpose)
    tokens = SessionTokens.objects.filter(session=session).first()
    if tokens is None or not tokens.refresh_token:
        raise NoDirectory
    refresh_token = unseal(tokens.refresh_token, purpose=f"{REFRESH_TOKEN}:{session.pk}")
    asked = {"grant_type": "refresh_token", "refresh_token": refresh_token, "scope": settings.GRAPH_SCOPES}
    answer = _requested(_token_endpoint(session.user.signs_in_at), asked)
    replaced = answer.get("refresh_token")
    if replaced:
        sealed = seal(str(replaced), purpose=f"{REFRESH_TOKEN}:{session.pk}")
        # Only if it is still the one we used: a step-up in between has put a better one there.
        SessionTokens.objects.filter(pk=tokens.pk, refresh_token=tokens.refresh_token).update(refresh_token=sealed)
    return _kept(answer, purpose)


def forget_token(session: PortalSession) -> None:
    """The next call fetches a new token: the directory refused the one kept."""
    cache.delete(_kept_as(session))


def _kept_as(session: PortalSession) -> str:
    """The key changes at every step-up: a token from before it lacks the proof that was given since."""
    return f"{_ACCESS_TOKEN}:{session.pk}:{session.key_hash[:16]}"


def _token_endpoint(tenant: UUID | None) -> str:
    try:
        return provider.metadata(tenant).endpoint("token_endpoint")
    except provider.ProviderUnavailable as error:
        raise GraphUnavailable(str(error)) from error


def _requested(endpoint: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """The answer of a token endpoint to the portal. Raises GraphUnavailable, GraphRefused."""
    itself = {"client_id": settings.OIDC_RP_CLIENT_ID, "client_secret": settings.OIDC_RP_CLIENT_SECRET}
    try:
        response = requests.post(endpoint, data={**itself, **asked}, timeout=settings.OIDC_TIMEOUT)
        answer = response.json()
    except (requests.RequestException, ValueError) as error:
        raise GraphUnavailable(str(error)) from error
    if not isinstance(answer, dict):
        raise GraphUnavailable("not a JSON object")
    if "error" in answer:
        raise GraphRefused(response.status_code, str(answer["error"]), str(answer.get("error_description", "")))
    if not answer.get("access_token"):
        raise GraphUnavailable("no access token")
    return answer


def _kept(answer: Mapping[str, Any], purpose: str) -> str:
    """The access token of an answer, kept sealed until shortly before its end."""
    token = str(answer["access_token"])
    seconds = int(answer.get("expires_in", 0)) - _EARLY
    if seconds > 0:
        cache.set(purpose, seal(token, purpose=purpose), seconds)
    return token
