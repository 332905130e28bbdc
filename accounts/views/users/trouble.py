"""What a page of user management says when the directory does not answer, or says no."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts import sessions
from accounts.oidc.graph import NoDirectory, forget_token
from accounts.redirects import with_next
from accounts.users.reasons import asks_for_sign_in, reason_of
from fluent.navigation import page_before
from msgraph.client import GraphRefused, GraphUnavailable

logger = logging.getLogger(__name__)
_View = Callable[..., HttpResponseBase]


def over_the_directory(view: _View) -> _View:
    """Answer for a view what goes wrong between portal and directory. Nothing of it is a server error."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NoDirectory as error:
            raise Http404 from error
        except GraphUnavailable as error:
            logger.warning("The directory is unavailable: %s", error)
            return unavailable(request)
        except GraphRefused as refused:
            return refusal(request, refused)

    return guarded


def unavailable(request: HttpRequest) -> HttpResponse:
    sent = request.method == "POST"
    context = {"retry_url": page_before(request) if sent else request.get_full_path(), "sent": sent}
    response = render(request, "accounts/users/unavailable.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "30"
    return response


def refusal(request: HttpRequest, refused: GraphRefused) -> HttpResponse:
    """404 for what the directory does not know, also of another tenant; else its reason, with the way on."""
    if refused.status == HTTPStatus.NOT_FOUND:
        raise Http404
    back = page_before(request) if request.method == "POST" else request.get_full_path()
    context: dict[str, object] = {"back_url": back}
    if asks_for_sign_in(refused):
        session = sessions.of(request)
        if session is not None:
            forget_token(session)
        context["again_url"] = with_next("oidc_step_up", back)
    else:
        context["reason"] = reason_of(refused.code, refused.message)
    return render(request, "accounts/users/refused.html", context, status=HTTPStatus.FORBIDDEN)
