"""The token endpoint, v1 and v2: authorization_code, refresh_token (RFC 6749 sections 4.1.3, 6), client_credentials."""

import base64
import hashlib
import hmac
import uuid
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from entra.apps.models import Application
from entra.apps.services import has_consented
from entra.directory.services import find_tenant
from entra.oauth.answer import client_info
from entra.oauth.client_authentication import Caller, authenticate_client
from entra.oauth.client_credentials import by_client_credentials
from entra.oauth.errors import OAuthError, body, correlation_id
from entra.oauth.grants import (
    check_still_valid,
    find_refresh_token,
    issue_refresh_token,
    mark_redeemed,
    mark_replaced,
    redeem_code,
)
from entra.oauth.models import Grant
from entra.oauth.names import COMMON, OPENID_SCOPES, SCOPES
from entra.oauth.tokens import LIFETIME, access_token, id_token
from entra.signin.sign_in_log import record_refused_refresh


@csrf_exempt  # called by applications, which prove who they are in the request
@require_POST
def token(request: HttpRequest, segment: str, version: str) -> JsonResponse:
    """Exchange a code or a refresh token for tokens. `version` is that of the address; the grant keeps its own."""
    correlation = correlation_id(request)
    try:
        if len(request.POST.getlist("grant_type")) > 1:
            raise OAuthError("invalid_request", 9002313, "grant_type is given more than once")
        caller = authenticate_client(request, segment)
        answer = _exchange(request, caller, segment, version, correlation)
    except OAuthError as error:
        response = JsonResponse(body(error, correlation), status=error.status)
        if error.status == HTTPStatus.UNAUTHORIZED and "Authorization" in request.headers:
            response["WWW-Authenticate"] = "Basic"
    else:
        response = JsonResponse(answer)
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"
    response["client-request-id"] = str(correlation)
    return response


def _exchange(
    request: HttpRequest, caller: Caller, segment: str, version: str, correlation: uuid.UUID
) -> dict[str, Any]:
    given = request.POST
    match given.get("grant_type", ""):
        case "":
            raise OAuthError("invalid_request", 900144, "grant_type")
        case "authorization_code":
            return _by_code(given, caller, segment)
        case "refresh_token":
            return _by_refresh_token(request, caller, segment, correlation)
        case "client_credentials" if version == "2.0":
            return by_client_credentials(given, caller, segment)
        case _:
            raise OAuthError("unsupported_grant_type", 70003)


def _by_code(given: QueryDict, caller: Caller, segment: str) -> dict[str, Any]:
    row = redeem_code(code=_needed(given, "code"), application=caller.application)
    if given.get("redirect_uri") != row.redirect_uri:
        raise OAuthError("invalid_grant", 50011)
    _check_verifier(row.code_challenge, given.get("code_verifier"))
    _check_tenant(row.grant, segment)
    check_still_valid(row.grant)
    mark_redeemed(row)
    return _answer(row.grant, caller, list(row.grant.scope), given, nonce=row.nonce)


def _by_refresh_token(request: HttpRequest, caller: Caller, segment: str, correlation: uuid.UUID) -> dict[str, Any]:
    given, application = request.POST, caller.application
    row = find_refresh_token(token=_needed(given, "refresh_token"), application=application)
    _check_tenant(row.grant, segment)
    try:
        check_still_valid(row.grant)
    except OAuthError as error:
        record_refused_refresh(
            request,
            account=row.grant.account,
            application=application,
            amr=row.grant.amr,
            code=error.code,
            correlation=correlation,
        )
        raise
    scope = given.get("scope", "").split() or list(row.grant.scope)
    _check_scope(scope, row.grant, application)
    mark_replaced(row, application)
    return _answer(row.grant, caller, scope, given, nonce=None)


def _check_scope(scope: list[str], grant: Grant, application: Application) -> None:
    """A refresh token is good for what was asked at sign-in, and for whatever else the application may have.

    So an application asks for little at sign-in, and for a permission when it needs it.
    """
    further = [one for one in scope if one not in grant.scope]
    if not further:
        return
    if unknown := [one for one in further if one not in SCOPES or one in OPENID_SCOPES]:
        raise OAuthError("invalid_scope", 70011, " ".join(unknown)[:100])
    if not (application.preauthorized or has_consented(application=application, account=grant.account, scopes=further)):
        raise OAuthError("invalid_grant", 65001)


def _answer(grant: Grant, caller: Caller, scope: list[str], given: QueryDict, *, nonce: str | None) -> dict[str, Any]:
    grant.application = caller.application  # authenticated a moment ago; not to be read again
    seconds = int(LIFETIME.total_seconds())
    answer: dict[str, Any] = {
        "token_type": "Bearer",
        "scope": " ".join(scope),
        "expires_in": seconds,
        "ext_expires_in": seconds,
        "access_token": access_token(grant, scope, caller.proof),
    }
    if "offline_access" in grant.scope:
        answer["refresh_token"] = issue_refresh_token(grant)
    if "openid" in scope:
        answer["id_token"] = id_token(grant, scope, nonce=nonce)
    if given.get("client_info") == "1":
        answer["client_info"] = client_info(grant.account_id, grant.tenant_id)
    if grant.version == "1.0":
        now = int(timezone.now().timestamp())
        # v1 answers with text here, and says when as well as how long.
        answer |= {"expires_in": str(seconds), "expires_on": str(now + seconds), "not_before": str(now)}
        answer["resource"] = grant.resource
    return answer


def _needed(given: QueryDict, name: str) -> str:
    value = given.get(name)
    if not value:
        raise OAuthError("invalid_request", 900144, name)
    return value


def _check_tenant(grant: Grant, segment: str) -> None:
    """A code or token of one tenant is not exchanged at another's address."""
    if segment in COMMON or segment == str(grant.tenant_id):
        return
    tenant = find_tenant(segment)
    if tenant is None or tenant.pk != grant.tenant_id:
        raise OAuthError("invalid_grant", 700005 if tenant else 90002)


def _check_verifier(challenge: str, verifier: str | None) -> None:
    """RFC 7636 section 4.6. A verifier without a challenge is refused too: it hints at a downgraded request."""
    if not challenge and verifier is None:
        return
    digest = hashlib.sha256((verifier or "").encode()).digest()
    computed = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if not challenge or not hmac.compare_digest(computed, challenge):
        raise OAuthError("invalid_grant", 501481)
