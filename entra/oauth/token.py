"""The token endpoint, v1 and v2 (RFC 6749 section 3.2): proves the caller, then leaves the rest to the grant type."""

import uuid
from http import HTTPStatus
from typing import Any

import msgspec
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from entra.oauth.client_authentication import Caller, authenticate_client
from entra.oauth.client_credentials import by_client_credentials, itself
from entra.oauth.code_exchange import by_code
from entra.oauth.device_code import by_device_code
from entra.oauth.errors import OAuthError, body, correlation_id
from entra.oauth.parameters import refuse_nul
from entra.oauth.password_grant import by_password
from entra.oauth.refresh import by_refresh_token


@csrf_exempt  # called by applications, which prove who they are in the request
@require_POST
def token(request: HttpRequest, segment: str, version: str) -> HttpResponse:
    """Answer with tokens or with an error. `version` is that of the address; the grant keeps its own."""
    correlation = correlation_id(request)
    try:
        refuse_nul(_posted(request))
        _refuse_repeated(request)
        caller = authenticate_client(request, segment, itself(request.POST, segment, version))
        answer = _exchange(request, caller, segment, version, correlation)
    except OAuthError as error:
        response = _json(body(error, correlation), error.status)
        if error.status == HTTPStatus.UNAUTHORIZED and "Authorization" in request.headers:
            response["WWW-Authenticate"] = "Basic"
    else:
        response = _json(answer)
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"
    response["client-request-id"] = str(correlation)
    return response


def _json(answer: dict[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    body = msgspec.json.encode(answer)
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    return HttpResponse(body, status=status, headers=headers)


def _posted(request: HttpRequest) -> QueryDict:
    try:
        return request.POST
    except (SuspiciousOperation, MultiPartParserError) as refused:  # Django reads no further: too long, or no form
        raise OAuthError("invalid_request", 9002313, "the body") from refused


def _refuse_repeated(request: HttpRequest) -> None:
    if repeated := [name for name in request.POST if len(request.POST.getlist(name)) > 1]:
        raise OAuthError("invalid_request", 9002313, f"{repeated[0][:40]} is given more than once")


def _exchange(
    request: HttpRequest, caller: Caller, segment: str, version: str, correlation: uuid.UUID
) -> dict[str, Any]:
    given = request.POST
    match given.get("grant_type", ""):
        case "":
            raise OAuthError("invalid_request", 900144, "grant_type")
        case "authorization_code":
            return by_code(request, caller, segment, version, correlation)
        case "refresh_token":
            return by_refresh_token(request, caller, segment, version, correlation)
        case "client_credentials":
            return by_client_credentials(given, caller, segment, version)
        case "password":
            return by_password(request, caller, segment, version, correlation)
        case "urn:ietf:params:oauth:grant-type:device_code" | "device_code":
            return by_device_code(request, caller, segment, version, correlation)
        case _:
            raise OAuthError("unsupported_grant_type", 70003)
