"""The userinfo endpoint (OIDC Core 5.3): header, or form field of a POST."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from entra.oauth.bearer import presented_by_person, token_in_header
from entra.oauth.names import pairwise_subject
from entra.oauth.tokens import profile_claims


@csrf_exempt  # authorized by the token alone; no cookie is looked at
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    token = token_in_header(request) or request.POST.get("access_token")
    if token is None:
        return _refused("Bearer")
    found = presented_by_person(token)
    if found is None or "openid" not in found.scopes:
        return _refused('Bearer error="invalid_token"')
    grant = found.grant
    claims = {"sub": pairwise_subject(grant.application_id, grant.account_id), **profile_claims(grant, found.scopes)}
    response = JsonResponse(claims)
    response["Cache-Control"] = "no-store"
    return response


def _refused(challenge: str) -> HttpResponse:
    response = HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    response["WWW-Authenticate"] = challenge
    return response
