"""Who is calling the token endpoint (RFC 6749 section 2.3)."""

import base64
from http import HTTPStatus
from urllib.parse import unquote_plus

from django.http import HttpRequest

from entra.apps.models import Application
from entra.apps.services import find_application, secret_is_valid
from entra.oauth.errors import OAuthError


def authenticate_client(request: HttpRequest) -> Application:
    """The calling application, by client_secret_basic, client_secret_post, or its id alone if public."""
    client_id, secret = _credentials(request)
    if not client_id:
        raise OAuthError("invalid_request", 900144, "client_id")
    application = find_application(client_id)
    if application is None:
        raise OAuthError("invalid_client", 700016, status=HTTPStatus.UNAUTHORIZED)
    if not application.enabled:
        raise OAuthError("unauthorized_client", 7000112)
    if application.public:
        if secret is not None:
            raise OAuthError("invalid_client", 700025, status=HTTPStatus.UNAUTHORIZED)
        return application
    if not secret:
        raise OAuthError("invalid_client", 7000218, status=HTTPStatus.UNAUTHORIZED)
    if not secret_is_valid(application, secret):
        raise OAuthError("invalid_client", 7000215, status=HTTPStatus.UNAUTHORIZED)
    return application


def _credentials(request: HttpRequest) -> tuple[str, str | None]:
    posted = request.POST.get("client_secret")
    header = request.headers.get("Authorization", "")
    if not header.lower().startswith("basic "):
        return request.POST.get("client_id", ""), posted
    if posted is not None:
        raise OAuthError("invalid_request", 9002313, "two ways of client authentication")
    try:
        name, _colon, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
    except ValueError as error:  # not base64, not ASCII, or no UTF-8 inside
        raise OAuthError("invalid_client", 9002313, status=HTTPStatus.UNAUTHORIZED) from error
    named = unquote_plus(name)
    if request.POST.get("client_id", named) != named:
        raise OAuthError("invalid_request", 9002313, "client_id")
    return named, unquote_plus(secret)
