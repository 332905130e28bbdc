"""The userinfo endpoint (OIDC Core 5.3): header, or form field of a POST."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from entra.keys.services import read_signed
from entra.oauth.errors import OAuthError
from entra.oauth.grants import check_still_valid
from entra.oauth.models import Grant
from entra.oauth.names import GRAPH_AUDIENCE, issuer, pairwise_subject
from entra.oauth.tokens import profile_claims


@csrf_exempt  # authorized by the token alone; no cookie is looked at
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    token = _bearer(request)
    if token is None:
        return _refused("Bearer")
    read = _read(token)
    if read is None:
        return _refused('Bearer error="invalid_token"')
    grant, scope = read
    claims = {"sub": pairwise_subject(grant.application_id, grant.account_id), **profile_claims(grant, scope)}
    response = JsonResponse(claims)
    response["Cache-Control"] = "no-store"
    return response


def _refused(challenge: str) -> HttpResponse:
    response = HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    response["WWW-Authenticate"] = challenge
    return response


def _bearer(request: HttpRequest) -> str | None:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token
    return request.POST.get("access_token")


def _read(token: str) -> tuple[Grant, list[str]] | None:
    """The grant behind a live access token for this endpoint, and the token's own scopes.

    An ID token is none: it has another audience.
    """
    claims = read_signed(token)
    scope = str(claims.get("scp", "")).split() if claims else []
    if claims is None or claims.get("aud") != GRAPH_AUDIENCE or "openid" not in scope:
        return None
    try:
        pk = UUID(str(claims.get("grant")))
    except ValueError:
        return None
    grants = Grant.objects.select_related("account__home_account", "tenant", "session")
    grant = grants.filter(pk=pk, revoked_at=None).first()
    if grant is None or claims.get("iss") != issuer(grant.tenant_id, grant.version):
        return None
    try:
        check_still_valid(grant)
    except OAuthError:
        return None
    return grant, scope
