"""What the token endpoint answers with for a person's grant, and what every grant type checks."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from entra.directory.services import find_tenant
from entra.oauth.access_tokens import access_token
from entra.oauth.answer import client_info
from entra.oauth.client_authentication import Caller
from entra.oauth.errors import OAuthError
from entra.oauth.models import Grant
from entra.oauth.names import COMMON
from entra.oauth.target import Target
from entra.oauth.tokens import LIFETIME, id_token


def token_answer(
    grant: Grant,
    caller: Caller,
    target: Target,
    given: QueryDict,
    version: str,
    *,
    refresh_token: str,
    nonce: str | None = None,
) -> dict[str, Any]:
    """Tokens of the grant for one API. `version` is that of the address: it decides how the answer is written.

    `refresh_token` is "" where there is none.
    """
    now = timezone.now()
    answer: dict[str, Any] = {
        "token_type": "Bearer",
        "scope": target.scope,
        **lasting(int(now.timestamp()), version),
        "access_token": access_token(grant, target, caller.proof, now),
    }
    if refresh_token:
        answer["refresh_token"] = refresh_token
    if "openid" in target.openid:
        answer["id_token"] = id_token(grant, target.openid, nonce=nonce)
    if given.get("client_info") == "1":
        answer["client_info"] = client_info(grant.account)
    if version == "1.0":
        answer["resource"] = given.get("resource") or grant.resource
    return answer


def lasting(now: int, version: str) -> dict[str, Any]:
    """How long the access token is valid. v1 answers with text, and says when as well as how long."""
    seconds = int(LIFETIME.total_seconds())
    if version == "2.0":
        return {"expires_in": seconds, "ext_expires_in": seconds}
    return {
        "expires_in": str(seconds),
        "ext_expires_in": str(seconds),
        "expires_on": str(now + seconds),
        "not_before": str(now),
    }


def needed(given: QueryDict, name: str) -> str:
    """A parameter that has to be there. Raises OAuthError."""
    value = given.get(name)
    if not value:
        raise OAuthError("invalid_request", 900144, name)
    return value


def check_tenant(grant: Grant, segment: str) -> None:
    """A code or token of one tenant is not exchanged at another's address. Raises OAuthError."""
    if segment in COMMON or segment == str(grant.tenant_id):
        return
    tenant = find_tenant(segment)
    if tenant is None or tenant.pk != grant.tenant_id:
        raise OAuthError("invalid_grant", 700005 if tenant else 90002)
