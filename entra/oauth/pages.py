"""Error pages: for requests that cannot be answered anywhere else, and for people who look a code up."""

import uuid
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from entra.oauth.errors import MESSAGES, OAuthError, correlation_id
from entra.signin.flows import InteractionLost


def error_page(request: HttpRequest, error: OAuthError, correlation: uuid.UUID) -> HttpResponse:
    """The request ends here: it cannot be trusted where it wants to go on."""
    context = {
        "code": error.code,
        "message": MESSAGES.get(error.code, _("The request failed.")),
        "detail": error.detail,
        "correlation_id": correlation,
    }
    return render(request, "oauth/error.html", context, status=error.status)


@require_safe
def explain(request: HttpRequest) -> HttpResponse:
    """`/error?code=50076`: what a code means."""
    given = request.GET.get("code", "")
    code = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    if code not in MESSAGES:
        context = {"code": given[:12], "message": _("There is no explanation for this code.")}
        return render(request, "oauth/error.html", context, status=HTTPStatus.NOT_FOUND)
    return render(request, "oauth/error.html", {"code": code, "message": MESSAGES[code]})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 404 page. An interaction that is gone is explained, so that the person knows to start again."""
    if isinstance(exception, InteractionLost):
        return error_page(
            request, OAuthError("invalid_request", 50089, status=HTTPStatus.NOT_FOUND), correlation_id(request)
        )
    return render(request, "oauth/not_found.html", status=HTTPStatus.NOT_FOUND)
