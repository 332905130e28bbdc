"""Who is calling the token endpoint (RFC 6749 section 2.3), and how well that is proven."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import unquote_plus
from uuid import UUID

from django.http import HttpRequest

from entra.apps.callers import find_caller
from entra.apps.credentials import SecretCheck
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
class Itself:
    """An application as itself, in a tenant, at an API (its application id)."""

    tenant_id: UUID
    resource: str


@dataclass(frozen=True)
class Caller:
    application: Application
    proof: ClientProof
    roles: Mapping[Itself, list[str]] = field(default_factory=dict)
    """The permissions that were read along the way, as far as any were."""


NOWHERE = Itself(UUID(int=0), "")


def authenticate_client(request: HttpRequest, segment: str, itself: Itself = NOWHERE) -> Caller:
    """The calling application, by secret (basic or post), by assertion, or by its id alone if public.

    What it may do as `itself` is read with it where that costs nothing. Raises OAuthError.
    """
    assertion = request.POST.get("client_assertion", "")
    client_id, secret = _credentials(request)
    if assertion and secret is not None:
        raise OAuthError("invalid_request", 9002313, "two ways of client authentication")
    client_id = client_id or (asserted_client(assertion) if assertion else "")
    if not client_id:
        raise OAuthError("invalid_request", 900144, "client_id")
    check, roles = None, {}
    if secret:
        application, check, held = find_caller(client_id, secret, tenant_id=itself.tenant_id, resource=itself.resource)
        roles[itself] = held
    else:
        application = find_application(client_id)
    if application is None:
        raise OAuthError("invalid_client", 700016, status=HTTPStatus.UNAUTHORIZED)
    if not application.enabled:
        raise OAuthError("unauthorized_client", 7000112)
    return Caller(application, _proof(request, application, secret, check, assertion, segment), roles)


def _proof(
    request: HttpRequest,
    application: Application,
    secret: str | None,
    check: SecretCheck | None,
    assertion: str,
    segment: str,
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
    if check is None:
        raise OAuthError("invalid_client", 7000218, status=HTTPStatus.UNAUTHORIZED)
    if check is not SecretCheck.VALID:
        raise OAuthError("invalid_client", _SECRET_ERRORS[check], status=HTTPStatus.UNAUTHORIZED)
    return ClientProof.SECRET


def _credentials(request: HttpRequest) -> tuple[str, str | None]:
    posted = request.POST.get("client_secret")
    header = request.META.get("HTTP_AUTHORIZATION", "")
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
