"""Signing in to the admin center and out of it."""

import re
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from entra.admincenter import sessions
from entra.admincenter.client import id_token, provider, requests
from entra.admincenter.client.id_token import NotAccepted, Rejection
from entra.admincenter.client.provider import CodeRefused, ProviderUnavailable
from entra.admincenter.client.registration import CLIENT_ID, signed_out_uri
from entra.admincenter.guard import inside, problem
from entra.admincenter.models import AuthorizeRequest
from entra.directory.models import User
from entra.signin.flows import SeeOther
from entra.signin.models import ProviderSession

_CODE = re.compile(r"AADSTS\d{5,7}")


@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """The provider's answer. Nothing in it is looked at before its request was found to be this browser's."""
    request.opens_once = True  # type: ignore[attr-defined]
    record = requests.take(request, request.GET.get("state", ""))
    if record is None:
        response = problem(
            request,
            _("This sign-in took too long, was used already, or was started in another browser."),
            HTTPStatus.BAD_REQUEST,
        )
    elif "error" in request.GET or not request.GET.get("code"):
        code = _CODE.match(request.GET.get("error_description", ""))
        response = problem(
            request,
            _("You were not signed in. The admin center opens only after multifactor authentication."),
            HTTPStatus.FORBIDDEN,
            code[0] if code else "",
        )
        if sessions.current(request) is None:  # another try is at home: where somebody was refused may be for good
            sessions.drop_cookie(response)
    else:
        response = _redeemed(request, record)
    add_never_cache_headers(response)
    return response


def _redeemed(request: HttpRequest, record: AuthorizeRequest) -> HttpResponse:
    try:
        raw = provider.redeem(code=request.GET["code"], verifier=record.code_verifier)
        identity = id_token.read(raw, nonce=record.nonce)
        # RFC 9207: the answer has to come from the issuer of the token.
        if request.GET.get("iss") != provider.issuer_for(str(identity.tenant_id)):
            raise NotAccepted(Rejection.TOKEN)
    except ProviderUnavailable:
        return problem(request, _("The identity provider does not answer. Try again in a moment."))
    except (CodeRefused, NotAccepted):
        return problem(request, _("The identity provider's answer was not accepted."), HTTPStatus.FORBIDDEN)
    return _opened(request, record, identity, raw)


def _opened(request: HttpRequest, record: AuthorizeRequest, identity: id_token.Identity, raw: str) -> HttpResponse:
    account = User.objects.filter(pk=identity.account_id, tenant_id=identity.tenant_id).first()
    if record.tenant_id not in {None, identity.tenant_id}:
        return problem(request, _("The identity provider's answer was not accepted."), HTTPStatus.FORBIDDEN)
    beneath = ProviderSession.objects.filter(pk=identity.session_id).first()
    before = sessions.current(request)
    other = record.session is not None and (before is None or before.pk != record.session_id)
    if account is None or beneath is None or other or (record.session and record.session.account_id != account.pk):
        return problem(request, _("Somebody else signed in. Nothing was changed."), HTTPStatus.FORBIDDEN)
    if record.session is not None:
        key = sessions.verify_anew(session=record.session, beneath=beneath, identity=identity, id_token=raw)
    else:
        if before is not None:
            sessions.end(before)
        # A form opened in another organization, or by somebody else, must not be sent in this one, nor
        # after the session it was opened in is over.
        rotate_token(request)
        key = sessions.open_session(account=account, beneath=beneath, identity=identity, id_token=raw)
    held = f"?held={record.pk}" if record.held_sealed else ""
    if record.session is not None:
        messages.info(request, _("You verified your identity. Now send it again: nothing was changed yet."))
    response = SeeOther(f"{inside(record.next)}{held}")
    sessions.set_cookie(response, key)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here, then at the provider (RP-Initiated Logout 1.0)."""
    session = sessions.current(request)
    if session is None:
        return SeeOther(reverse("admincenter:signed_out"))
    sessions.end(session)
    asked = {
        "id_token_hint": sessions.id_token_of(session),
        "client_id": CLIENT_ID,
        "post_logout_redirect_uri": signed_out_uri(),
    }
    try:
        target = f"{provider.metadata()['end_session_endpoint']}?{urlencode(asked)}"
    except (ProviderUnavailable, CodeRefused):
        target = reverse("admincenter:signed_out")
    response = SeeOther(target)
    sessions.drop_cookie(response)
    return response


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "admincenter/signed_out.html")
