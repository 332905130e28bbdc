"""Token introspection (RFC 7662): whether a token still counts, and what its person may do now.

An application asks about its own tokens only. Roles and groups are those of this moment, not of the token, so that
whoever gets no events can still act on what the directory says.
"""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from entra.apps.models import Application
from entra.apps.resources import resources
from entra.directory.services import group_ids, role_template_ids
from entra.keys.issuer import issuer
from entra.oauth.bearer import presented_by_person
from entra.oauth.client_authentication import authenticate_client
from entra.oauth.errors import OAuthError, body, correlation_id
from entra.oauth.grants import check_still_valid, find_redeemable_refresh_token
from entra.oauth.models import Grant
from entra.oauth.names import pairwise_subject

_INACTIVE = {"active": False}


@csrf_exempt  # called by applications, which prove who they are in the request
@require_POST
def introspect(request: HttpRequest, segment: str) -> JsonResponse:
    """Answer for an access token or a refresh token of the calling application; everything else is not active."""
    correlation = correlation_id(request)
    try:
        application = authenticate_client(request, segment).application
        if application.public:
            raise OAuthError("invalid_client", 7000218)
        if not request.POST.get("token"):
            raise OAuthError("invalid_request", 900144, "token")
        answer = _introspected(request.POST["token"], application)
    except OAuthError as error:
        response = JsonResponse(body(error, correlation), status=error.status)
    else:
        response = JsonResponse(answer)
    response["Cache-Control"] = "no-store"
    response["client-request-id"] = str(correlation)
    return response


def _introspected(token: str, application: Application) -> dict[str, Any]:
    row = find_redeemable_refresh_token(token=token, application=application)
    if row is not None:
        try:
            check_still_valid(row.grant)
        except OAuthError:
            return _INACTIVE
        return _facts(row.grant) | {"exp": int(row.expires_at.timestamp()), "iat": int(row.issued_at.timestamp())}
    found = presented_by_person(token, to=resources())
    if found is None or found.grant.application_id != application.pk:
        return _INACTIVE
    said = {name: found.claims[name] for name in ("aud", "exp", "iat", "nbf")}
    return _facts(found.grant) | said | {"token_type": "Bearer", "scope": " ".join(sorted(found.scopes))}


def _facts(grant: Grant) -> dict[str, Any]:
    return {
        "active": True,
        "client_id": str(grant.application_id),
        "iss": issuer(grant.tenant_id, grant.version),
        "sub": pairwise_subject(grant.application_id, grant.account_id),
        "tid": str(grant.tenant_id),
        "oid": str(grant.account_id),
        "scope": " ".join(grant.scope),
        "amr": grant.amr,
        "acr": grant.acr,
        "auth_time": int(grant.auth_time.timestamp()),
        "groups": [str(group) for group in group_ids(grant.account)],
        "wids": role_template_ids(grant.account),
    }
