"""Who is calling the token endpoint (RFC 6749 section 2.3), and how well that is proven."""

import base64
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import unquote_plus

from django.http import HttpRequest

from entra.apps.credentials import SecretCheck, check_secret
from entra.apps.models import Application
from entra.apps.services import find_application
from entra.oauth.client_assertion import asserted_client, check_assertion
from entra.oauth.errors import OAuthError

_SECRET_ERRORS = {SecretCheck.WRONG: 7000215, SecretCheck.EXPIRED: 7000222}


class ClientProof(StrEnum):
    """The values of `appidacr` and `azpacr`."""

    NONE = "0"
    SECRET = "1"
    CERTIFICATE = "2"


@dataclass(frozen=True)
class Caller:
    application: Application
    proof: ClientProof


def authenticate_client(request: HttpRequest, segment: str) -> Caller:
    """The calling application, by secret (basic or post), by assertion, or by its id alone if public.

    Raises OAuthError.
    """
    assertion = request.POST.get("client_assertion", "")
    client_id, secret = _credentials(request)
    if assertion and secret is not None:
        raise OAuthError("invalid_request", 9002313, "two ways of client authentication")
    client_id = client_id or (asserted_client(assertion) if assertion else "")
    if not client_id:
        raise OAuthError("invalid_request", 900144, "client_id")
    application = find_application(client_id)
    if application is None:
        raise OAuthError("invalid_client", 700016, status=HTTPStatus.UNAUTHORIZED)
    if not application.enabled:
        raise OAuthError("unauthorized_client", 7000112)
    return Caller(application, _proof(request, application, secret, assertion, segment))


def _proof(
    request: HttpRequest, application: Application, secret: str | None, assertion: str, segment: str
) -> ClientProof:
    if application.public:
        if secret is not None or assertion:
            raise OAuthError("invalid_client", 700025, status=HTTPStatus.UNAUTHORIZED)
        return ClientProof.NONE
    if assertion:
        check_assertion(
            assertion, kind=request.POST.get("client_assertion_type", ""), application=application, segment=segment
        )
        return ClientProof.CERTIFICATE
    if not secret:
        raise OAuthError("invalid_client", 7000218, status=HTTPStatus.UNAUTHORIZED)
    check = check_secret(application, secret)
    if check is not SecretCheck.VALID:
        raise OAuthError("invalid_client", _SECRET_ERRORS[check], status=HTTPStatus.UNAUTHORIZED)
    return ClientProof.SECRET


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
