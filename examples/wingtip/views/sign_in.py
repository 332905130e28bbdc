"""SAML single sign-on: the request, password, code, and the answer posted back."""

import base64
import logging
from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from examples.wingtip import answered, people, session, switches
from examples.wingtip.asked import Asked, RequestRefused, read
from examples.wingtip.forms import CodeForm, PasswordForm
from examples.wingtip.service import service
from examples.wingtip.session import SignedIn
from examples.wingtip.switches import Relay, Verify
from examples.wingtip.views.post_back import post_back

logger = logging.getLogger(__name__)


@require_GET
def sso(request: HttpRequest) -> HttpResponse:
    """Where the service sends the browser with its AuthnRequest."""
    try:
        asked = read(request.META["QUERY_STRING"], service())
    except RequestRefused as refusal:
        logger.warning("Request refused: %s", refusal)
        return render(request, "wingtip/refused.html", status=HTTPStatus.BAD_REQUEST)
    session.wait(request, asked)
    return redirect("go-on", asked.id)


@require_GET
@never_cache
def go_on(request: HttpRequest, asked_id: str) -> HttpResponse:
    """Ask for what is missing, or answer."""
    asked = session.waiting(request, asked_id)
    if asked is None:
        return render(request, "wingtip/lost.html", status=HTTPStatus.NOT_FOUND)
    signed_in = session.current(request)
    if signed_in is None or _is_stale(asked, signed_in):
        return redirect("password", asked_id)
    verify = switches.current().verify
    if verify is Verify.ALWAYS or (verify is Verify.WHEN_ASKED and asked.wants_mfa):
        if signed_in.code_at < signed_in.password_at:
            return redirect("code", asked_id)
    elif asked.wants_mfa:
        return _answer(request, asked, answered.declined(asked, service(), reason="NoAuthnContext"))
    return _answer(request, asked, _signed_in(asked, signed_in))


def _is_stale(asked: Asked, signed_in: SignedIn) -> bool:
    """Another person is asked for, or an old session will not do (ForceAuthn)."""
    other = bool(asked.subject) and asked.subject.lower() != signed_in.person.name
    return other or (asked.fresh and signed_in.password_at < asked.at)


def _signed_in(asked: Asked, signed_in: SignedIn) -> bytes:
    mfa = signed_in.code_at > signed_in.password_at
    relay = switches.current().relay if mfa else Relay.NOT
    at = datetime.fromtimestamp(max(signed_in.code_at, signed_in.password_at), UTC)
    return answered.signed_in(asked, service(), signed_in.person, at=at, mfa=mfa, relay=relay)


def _answer(request: HttpRequest, asked: Asked, xml: bytes) -> HttpResponse:
    session.forget(request, asked)
    fields = {"SAMLResponse": base64.b64encode(xml).decode(), "RelayState": asked.relay_state}
    return post_back(request, service().consumer_url, fields)


@require_http_methods(["GET", "POST"])
@never_cache
def password(request: HttpRequest, asked_id: str) -> HttpResponse:
    asked = session.waiting(request, asked_id)
    if asked is None:
        return render(request, "wingtip/lost.html", status=HTTPStatus.NOT_FOUND)
    form = PasswordForm(request.POST or None, initial={"name": asked.subject})
    if form.is_valid():
        try:
            person = people.check_password(form.cleaned_data["name"], form.cleaned_data["password"])
        except people.TooManyGuesses:
            form.add_error(None, _("Too many wrong attempts. Wait five minutes."))
        else:
            if person is not None:
                session.password_given(request, person)
                return redirect("go-on", asked_id)
            form.add_error(None, _("The account or the password is not right."))
    return render(request, "wingtip/password.html", {"form": form, "asked": asked})


@require_http_methods(["GET", "POST"])
@never_cache
def code(request: HttpRequest, asked_id: str) -> HttpResponse:
    asked, signed_in = session.waiting(request, asked_id), session.current(request)
    if asked is None or signed_in is None:
        return render(request, "wingtip/lost.html", status=HTTPStatus.NOT_FOUND)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            right = people.check_code(signed_in.person, form.cleaned_data["code"])
        except people.TooManyGuesses:
            form.add_error(None, _("Too many wrong attempts. Wait five minutes."))
        else:
            if right:
                session.code_given(request)
                return redirect("go-on", asked_id)
            form.add_error("code", _("This code is not right, or was used already."))
    context = {"form": form, "asked": asked, "person": signed_in.person, "shown": people.next_code(signed_in.person)}
    return render(request, "wingtip/code.html", context)


@require_POST
def cancel(request: HttpRequest, asked_id: str) -> HttpResponse:
    """The person does not want to sign in: the service is told (saml-core 3.2.2.2)."""
    asked = session.waiting(request, asked_id)
    if asked is None:
        return render(request, "wingtip/lost.html", status=HTTPStatus.NOT_FOUND)
    return _answer(request, asked, answered.declined(asked, service(), reason="AuthnFailed"))
