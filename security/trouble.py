"""What a page says when the tenant's directory does not answer the portal, or keeps something back from it."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.oidc.graph import NoDirectory, forget_application_token
from customers.http import PartnerRequest
from msgraph.client import GraphRefused, GraphUnavailable

logger = logging.getLogger(__name__)
_View = Callable[..., HttpResponseBase]
_UNCONSENTED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_NO_TOKEN = frozenset({"invalid_grant", "unauthorized_client", "access_denied", "consent_required"})
"""Without a single permission there is no token, which a token endpoint says with status 400 (RFC 6749 section 5.2)."""


def read_as_application(*permissions: str) -> Callable[[_View], _View]:
    """Answer for a view what goes wrong between portal and directory. Nothing of it is a server error.

    `permissions` are the application permissions that the view needs, for a refusal that names none.
    """

    def guard(view: _View) -> _View:
        @wraps(view)
        def guarded(request: PartnerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except NoDirectory:
                return _page(request, HTTPStatus.NOT_FOUND, problem="none")
            except GraphUnavailable as error:
                logger.warning("The directory is unavailable: %s", error)
                response = _page(request, HTTPStatus.SERVICE_UNAVAILABLE, problem="unavailable")
                response["Retry-After"] = "30"
                return response
            except GraphRefused as refused:
                return _refusal(request, refused, permissions)

        return guarded

    return guard


def _refusal(request: PartnerRequest, refused: GraphRefused, permissions: tuple[str, ...]) -> HttpResponse:
    """404 for what the directory does not know; else which permission an administrator consents to."""
    if refused.status == HTTPStatus.NOT_FOUND:
        raise Http404
    logger.warning("The directory refused: %s", refused)
    forget_application_token(request.user.tenant_id)  # with the consent that may be given now comes a new one
    lacks_consent = refused.status in _UNCONSENTED or refused.code in _NO_TOKEN
    named = (refused.permissions or permissions) if lacks_consent else ()
    return _page(request, HTTPStatus.FORBIDDEN, problem="refused", permissions=named, code=refused.code)


def _page(request: HttpRequest, status: HTTPStatus, **context: object) -> HttpResponse:
    values = {"retry_url": request.get_full_path(), **context}
    return render(request, "security/directory.html", values, status=status)
