"""The directory as the signed-in person sees it: a Graph client whose tokens come from the session's refresh token."""

from typing import Any
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
_EARLY = 120  # seconds before its end a token is no longer used


class NoDirectory(Exception):
    """This portal has no directory API (GRAPH_URL), or this session no refresh token for it."""


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
    answer = _refreshed(refresh_token, session.user.signs_in_at)
    token = str(answer.get("access_token", ""))
    replaced = answer.get("refresh_token")
    if replaced:
        sealed = seal(str(replaced), purpose=f"{REFRESH_TOKEN}:{session.pk}")
        # Only if it is still the one we used: a step-up in between has put a better one there.
        SessionTokens.objects.filter(pk=tokens.pk, refresh_token=tokens.refresh_token).update(refresh_token=sealed)
    seconds = int(answer.get("expires_in", 0)) - _EARLY
    if seconds > 0:
        cache.set(purpose, seal(token, purpose=purpose), seconds)
    return token


def forget_token(session: PortalSession) -> None:
    """The next call fetches a new token: the directory refused the one kept."""
    cache.delete(_kept_as(session))


def _kept_as(session: PortalSession) -> str:
    """The key changes at every step-up: a token from before it lacks the proof that was given since."""
    return f"{_ACCESS_TOKEN}:{session.pk}:{session.key_hash[:16]}"


def _refreshed(refresh_token: str, tenant: UUID | None) -> dict[str, Any]:
    posted = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "client_secret": settings.OIDC_RP_CLIENT_SECRET,
        "scope": settings.GRAPH_SCOPES,
    }
    endpoint = provider.metadata(tenant).endpoint("token_endpoint")
    try:
        response = requests.post(endpoint, data=posted, timeout=settings.OIDC_TIMEOUT)
        answer = response.json()
    except (requests.RequestException, ValueError) as error:
        raise GraphUnavailable(str(error)) from error
    if not isinstance(answer, dict):
        raise GraphUnavailable("not a JSON object")
    if "error" in answer:
        raise GraphRefused(response.status_code, str(answer["error"]), str(answer.get("error_description", "")))
    return answer
