"""Pages for what goes wrong between portal and provider. None of them ends a session."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Purpose, SignInRequest
from accounts.oidc import visits
from accounts.oidc.backend import CodeRefused
from accounts.oidc.flows import AnswerRefused, Refusal
from accounts.oidc.identity import NotAdmitted, TenantNotRegistered
from accounts.oidc.jwts import TokenRejected
from accounts.oidc.provider import ProviderUnavailable
from accounts.redirects import sign_in_url, with_next

logger = logging.getLogger(__name__)
_View = Callable[..., HttpResponseBase]

_EXPLANATIONS = {
    Refusal.UNKNOWN_STATE: _("This sign-in took too long, or was not started here. Start again."),
    Refusal.OTHER_BROWSER: _(
        "This sign-in was started in another browser, or cookies are switched off. Start again in this browser."
    ),
    Refusal.SESSION_ENDED: _("Your session ended while you were verifying. Sign in again to go on."),
    Refusal.ALREADY_USED: _("This answer was used already, for example in another tab."),
    Refusal.WRONG_ISSUER: _("The answer came from a different identity provider than the one you were sent to."),
    Refusal.OTHER_USER: _(
        "You verified with a different account than the one you are signed in with. Nothing was changed."
    ),
    Refusal.NO_CODE: _("The identity provider's answer was incomplete."),
}


def explains_trouble(view: _View) -> _View:
    """Turn what can go wrong with the provider into a page that says what to do next."""

    @wraps(view)
    def explained(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ProviderUnavailable as error:
            logger.warning("The identity provider does not answer: %s", error)
            return _unavailable(request)
        except AnswerRefused as refused:
            return _failed(request, _EXPLANATIONS[refused.reason], refused.next_path)
        except (TokenRejected, CodeRefused) as error:
            logger.warning("An answer of the identity provider was refused: %s", error)
            record: SignInRequest | None = getattr(request, "sign_in_request", None)
            next_path = record.next if record is not None else "/"
            return _failed(request, _("The identity provider's answer could not be trusted."), next_path)
        except NotAdmitted as error:
            return _not_admitted(request, error)

    return explained


def _unavailable(request: HttpRequest) -> HttpResponse:
    context = {"retry_url": _another_try(request)}
    response = render(request, "accounts/provider_unavailable.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "30"
    return response


def _another_try(request: HttpRequest) -> str:
    """Ask for the same again, hints and held form included; an answer works once, so its request is made anew."""
    record: SignInRequest | None = getattr(request, "sign_in_request", None)
    if record is not None:
        if record.purpose == Purpose.STEP_UP:
            return with_next("oidc_step_up", record.next)
        return sign_in_url(record.next, record.tenant_id)
    starts = {reverse("oidc_authentication_init"), reverse("oidc_step_up")}
    return request.get_full_path() if request.path in starts else reverse("oidc_authentication_init")


def _failed(request: HttpRequest, explanation: object, next_path: str) -> HttpResponse:
    url = next_path if request.user.is_authenticated else with_next("oidc_authentication_init", next_path)
    context = {"explanation": explanation, "retry_url": url}
    return render(request, "accounts/sign_in_failed.html", context, status=HTTPStatus.BAD_REQUEST)


def _not_admitted(request: HttpRequest, error: NotAdmitted) -> HttpResponse:
    unregistered = isinstance(error, TenantNotRegistered)
    url = f"{reverse('oidc_authentication_init')}?prompt=select_account"
    context = {"unregistered": unregistered, "tenant": str(error) if unregistered else "", "another_url": url}
    response = render(request, "accounts/not_admitted.html", context, status=HTTPStatus.FORBIDDEN)
    visits.remember(response, None)  # the next sign-in is at home again, unless it says otherwise
    return response
