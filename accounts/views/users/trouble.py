"""What a page of user management says when the directory does not answer, or says no."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import sessions
from accounts.oidc.graph import NoDirectory, forget_token
from accounts.redirects import with_next
from fluent.navigation import page_before
from msgraph.client import GraphRefused, GraphUnavailable

logger = logging.getLogger(__name__)
_View = Callable[..., HttpResponseBase]
_SIGN_IN_AGAIN = frozenset({"invalid_grant", "interaction_required", "consent_required", "login_required"})
_REASONS: dict[str, Promise] = {
    "LastGlobalAdministrator": _(
        "This is the last enabled Global admin of the organization. Give the role to another member first."
    ),
    "Lockout_Prevented": _("This would lock all Global admins out, so nothing was changed."),
    "InvitedAddressUnknown": _("The address belongs to no account of an organization that is known to the directory."),
    "InvitedAddressIsOwn": _("The address belongs to this organization already."),
    "SignsInElsewhere": _("This person signs in at another organization or provider, which keeps the methods."),
    "Authorization_RequestDenied": _("The directory does not allow this with your roles."),
}


def reason_of(refused: GraphRefused) -> "str | Promise":
    """The directory's reason in the person's language; its own words where it gives another one."""
    return _REASONS.get(refused.code) or refused.message or _("The directory gave no reason.")


def asks_for_sign_in(refused: GraphRefused) -> bool:
    """Whether the directory wants a new sign-in: the session's token for it is no longer good."""
    return refused.status == HTTPStatus.UNAUTHORIZED or refused.code in _SIGN_IN_AGAIN


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
        context["reason"] = reason_of(refused)
    return render(request, "accounts/users/refused.html", context, status=HTTPStatus.FORBIDDEN)
