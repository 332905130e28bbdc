"""Token introspection (RFC 7662): whether a token still counts, and what its person may do now.

An application asks about its own tokens; one that serves an API also about those issued for that API. Roles and
groups are those of this moment, not of the token, so that whoever gets no events can still act on what the directory
says.
"""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from entra.apps.models import Application
from entra.apps.resources import resources
from entra.directory.services import group_ids, role_template_ids
from entra.keys.issuer import issuer
from entra.oauth.bearer import Presented, PresentedApplication, presented
from entra.oauth.client_authentication import authenticate_client
from entra.oauth.errors import OAuthError, body, correlation_id
from entra.oauth.grants import check_still_valid, find_redeemable_refresh_token
from entra.oauth.models import Grant
from entra.oauth.names import pairwise_subject

_INACTIVE = {"active": False}


@csrf_exempt  # called by applications, which prove who they are in the request
@require_POST
def introspect(request: HttpRequest, segment: str) -> JsonResponse:
    """Answer for a token of the calling application, or for the API it serves; everything else is not active."""
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
    found = presented(token, to=resources())
    if found is None or not _may_ask(application, found):
        return _INACTIVE
    said = {name: found.claims[name] for name in ("aud", "exp", "iat", "nbf")}
    if isinstance(found, PresentedApplication):
        own = {"active": True, "client_id": str(found.application.pk), "tid": str(found.tenant.pk)}
        return own | said | {"token_type": "Bearer", "roles": sorted(found.roles)} if found.roles else _INACTIVE
    return _facts(found.grant) | said | {"token_type": "Bearer", "scope": " ".join(sorted(found.scopes))}


def _may_ask(application: Application, found: Presented | PresentedApplication) -> bool:
    issued_to = found.application.pk if isinstance(found, PresentedApplication) else found.grant.application_id
    serves = {resource.audience for resource in resources() if resource.server == str(application.pk)}
    return issued_to == application.pk or found.claims["aud"] in serves


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
