"""Asking the provider about a session or a token (RFC 7662): whether it still counts, what the person may do now."""

from collections.abc import Mapping
from typing import Any

import requests
from django.conf import settings

from accounts.models import PortalSession, SessionTokens
from accounts.oidc import provider
from accounts.oidc.flows import REFRESH_TOKEN
from secretstore import SecretUnreadable, unseal


def ask_about(session: PortalSession) -> Mapping[str, Any] | None:
    """Return what the provider says of the session's refresh token, None when it no longer counts.

    Raises ProviderUnavailable, also where the provider cannot be asked or the session has nothing to ask with.
    """
    stored = SessionTokens.objects.filter(session=session).first()
    if stored is None or not stored.refresh_token:
        raise provider.ProviderUnavailable("the session cannot be asked about")
    try:
        token = unseal(stored.refresh_token, purpose=f"{REFRESH_TOKEN}:{session.pk}")
    except SecretUnreadable as error:
        raise provider.ProviderUnavailable("the session's token cannot be read") from error
    return introspected(token, hint="refresh_token")


def introspected(token: str, *, hint: str) -> Mapping[str, Any] | None:
    """Return what the provider says of a token, None when it does not count. Raises ProviderUnavailable."""
    endpoint = provider.metadata().endpoint("introspection_endpoint")
    if not endpoint:
        raise provider.ProviderUnavailable("the provider answers no introspection")
    posted = {
        "token": token,
        "token_type_hint": hint,
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "client_secret": settings.OIDC_RP_CLIENT_SECRET,
    }
    answer = provider.fetch(lambda: requests.post(endpoint, data=posted, timeout=settings.OIDC_TIMEOUT))
    return answer if answer.get("active") is True else None
