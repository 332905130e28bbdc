"""Entra-shaped errors: an OAuth error name, an AADSTS code, and ids to find the request by."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[int, Promise] = {
    16000: _("More than one account could be meant. Choose one."),
    28000: _("A token is for one resource, and the scope names several."),
    50008: _("The organization's own identity provider did not sign the person in."),
    50011: _("The redirect address of the request is not registered for this application."),
    50013: _("The assertion is not valid."),
    50020: _("The account does not exist in this organization."),
    50027: _("The token is malformed, or a claim that it needs is missing."),
    50049: _("The address is none of this identity provider."),
    50053: _("Too many wrong attempts. Wait a while before trying again."),
    50057: _("The account is disabled."),
    50058: _("Nobody is signed in, and the request did not allow a sign-in page."),
    50076: _("Multifactor authentication is required for this."),
    50078: _("The multifactor authentication is too old. It has to be done again."),
    50079: _(
        "Multifactor authentication is required, and the account has to be enrolled or proven by its own provider."
    ),
    50089: _("The sign-in took too long or was started in another browser. Start again from the application."),
    50126: _("The account or password is incorrect."),
    50158: _("The external security challenge of this organization cannot stand in for multifactor authentication."),
    50173: _("The sign-in was revoked. Sign in again."),
    50194: _("The application belongs to one organization and cannot be used at the common address."),
    53003: _("A policy of the organization blocks this sign-in."),
    54005: _("The authorization code was already used. Everything issued for it has been revoked."),
    65001: _("The application has not been given consent."),
    65004: _("The request was declined."),
    70000: _("The grant is not valid."),
    70003: _("The grant type is not supported."),
    70008: _("The authorization code or refresh token has expired or was revoked."),
    70011: _("The scope is not valid."),
    70016: _("Nobody has entered the code of the device and signed in yet."),
    70018: _("The device code is not valid."),
    70019: _("The code of the device has expired."),
    75011: _("The organization's own identity provider could not verify the person in the way asked for."),
    90002: _("No organization has this name or id."),
    90014: _("A required field is missing."),
    90023: _("A parameter has a value that is not valid."),
    500011: _("No resource has this name or id."),
    500121: _("The second verification step was not completed."),
    501051: _("The application has not been granted a permission of this resource in the organization."),
    501481: _("The code verifier does not match the code challenge."),
    650057: _("The resource is not among those that the application is registered for."),
    700005: _("The authorization code was issued for another organization."),
    700016: _("The application is not known in this organization."),
    700021: _("The assertion was made for another application."),
    700023: _("The assertion was made for another token endpoint."),
    700024: _("The assertion has expired, is not valid yet, or lasts too long."),
    700025: _("The application is public and must send neither a secret nor an assertion."),
    700027: _("The signature of the assertion could not be checked with a certificate of the application."),
    900144: _("A required parameter is missing."),
    901002: _("A parameter of the request is not supported here."),
    7000112: _("The application is disabled."),
    7000215: _("The client secret is not valid."),
    7000218: _("The request must contain the client's secret or assertion."),
    7000222: _("The client secret has expired."),
    9002313: _("The request is malformed."),
    9002325: _("Proof key for code exchange (PKCE, S256) is required."),
}

_SUBERRORS = {65001: "consent_required", 70008: "bad_token", 50173: "bad_token", 53003: "message_only"}
"""What client libraries go by: they ask the person, forget the refresh token, or let the person read why not."""


@dataclass(eq=False)
class OAuthError(Exception):
    """Raised while a request is read. `detail` names the parameter at fault; it is not translated."""

    error: str
    code: int
    detail: str = ""
    status: int = 400


def correlation_id(request: HttpRequest) -> uuid.UUID:
    """The caller's `client-request-id`, else a new one."""
    given = request.META.get("HTTP_CLIENT_REQUEST_ID", "")
    if not given and request.META.get("QUERY_STRING"):
        given = request.GET.get("client-request-id", "")
    if not given:
        return uuid.uuid4()
    try:
        return uuid.UUID(given)
    except ValueError:
        return uuid.uuid4()


def error_uri(code: int) -> str:
    return f"{settings.ENTRA_URL}/error?code={code}"


def description(code: int, detail: str = "") -> str:
    """The English text, for developers: protocol messages are not translated."""
    with translation.override("en"):
        text = str(MESSAGES.get(code, _("The request failed.")))
    return f"AADSTS{code}: {text}{f' ({detail})' if detail else ''}"


def body(error: OAuthError, correlation: uuid.UUID) -> dict[str, Any]:
    """The JSON error body of the token endpoint."""
    trace, stamp = uuid.uuid4(), timezone.now().strftime("%Y-%m-%d %H:%M:%SZ")
    answer: dict[str, Any] = {
        "error": error.error,
        "error_description": f"{description(error.code, error.detail)}\r\nTrace ID: {trace}\r\n"
        f"Correlation ID: {correlation}\r\nTimestamp: {stamp}",
        "error_codes": [error.code],
        "timestamp": stamp,
        "trace_id": str(trace),
        "correlation_id": str(correlation),
        "error_uri": error_uri(error.code),
    }
    # Client libraries tell by `suberror` that a person has to act.
    to_do = "basic_action" if error.error in {"interaction_required", "consent_required", "login_required"} else ""
    if suberror := _SUBERRORS.get(error.code, to_do):
        answer["suberror"] = suberror
    return answer
