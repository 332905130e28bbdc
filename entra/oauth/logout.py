"""RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from entra.apps.models import Application
from entra.apps.services import find_application
from entra.federation.services import federation_of
from entra.keys.services import read_signed
from entra.oauth.backchannel import announce_sign_out
from entra.oauth.errors import OAuthError, correlation_id
from entra.oauth.pages import error_page
from entra.oauth.parameters import is_own_id_token, parameters_of
from entra.signin.flows import SeeOther
from entra.signin.session import current_session, end_session, signed_in_account
from fluent.navigation import leave

_SALT = "sign-out"
_CONFIRMATION_AGE = 3600  # seconds


@dataclass(frozen=True)
class SignOut:
    """A checked request: where to go afterwards ("" for our own page), and whether a person has to confirm."""

    address: str
    confirmed: bool


@csrf_exempt  # a foreign page may ask; without a valid hint a person confirms on our own form
@require_http_methods(["GET", "POST"])
def logout(request: HttpRequest, segment: str, version: str) -> HttpResponse:
    """Sign out at once when the application shows its own ID token of this session, else ask the person."""
    del segment, version
    if request.method == "POST":
        return SeeOther(f"{request.path}?{request.POST.urlencode()}")  # Lax cookies come with a GET only
    try:
        asked = _read(request, parameters_of(request))
    except OAuthError as error:
        return error_page(request, error, correlation_id(request))
    if current_session(request) is None:
        return SeeOther(asked.address) if asked.address else _signed_out(request)
    if not asked.confirmed:
        context = {"sealed": signing.dumps(asked.address, salt=_SALT), "identity": signed_in_account(request)}
        return render(request, "oauth/logout.html", context)
    home = _home_sign_out(request)
    _sign_out(request)
    if home:
        return _signed_out(request, home=home, address=asked.address)
    return SeeOther(asked.address) if asked.address else _signed_out(request)


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The person pressed "Sign out" on our page."""
    try:
        address = str(signing.loads(request.POST.get("asked", ""), salt=_SALT, max_age=_CONFIRMATION_AGE))
    except signing.BadSignature:
        address = ""
    home = _home_sign_out(request)
    _sign_out(request)
    if home or not address:
        return _signed_out(request, home=home, address=address)
    return leave(request, address)


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    return _signed_out(request)


def _signed_out(request: HttpRequest, *, home: str = "", address: str = "") -> HttpResponse:
    """Our own page. `home` is where the person's own provider, which would let them in again, signs them out."""
    context = {"home": home, "host": urlsplit(home).netloc, "address": address}
    response = render(request, "oauth/signed_out.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _home_sign_out(request: HttpRequest) -> str:
    account = signed_in_account(request)
    federated = federation_of(account.user_principal_name) if account else None
    return federated.sign_out_uri if federated else ""


def _sign_out(request: HttpRequest) -> None:
    sid = end_session(request)
    if sid is not None:
        announce_sign_out(sid)


def _read(request: HttpRequest, given: QueryDict) -> SignOut:
    """Check the hint and the address. Raises OAuthError: then nothing is done and nobody is sent anywhere."""
    hint = given.get("id_token_hint", "")
    client_id = given.get("client_id", "")
    claims: dict[str, Any] | None = None
    application = find_application(client_id) if client_id else None
    if hint:
        claims = read_signed(hint, verify_exp=False)
        named = find_application(str(claims.get("aud", ""))) if claims else None
        if claims is None or named is None or not is_own_id_token(claims, named):
            raise OAuthError("invalid_request", 90023, "id_token_hint")
        if client_id and (application is None or application.pk != named.pk):
            raise OAuthError("invalid_request", 90023, "client_id")
        application = named
    session = current_session(request)
    of_this_session = claims is not None and session is not None and claims.get("sid") == str(session.pk)
    return SignOut(address=_address(given, application), confirmed=of_this_session)


def _address(given: QueryDict, application: Application | None) -> str:
    """The registered address to go to, with the state. Without a known application there is nobody to go back to."""
    wanted = given.get("post_logout_redirect_uri", "")
    if not wanted or application is None:
        return ""
    if wanted not in application.post_logout_redirect_uris:
        raise OAuthError("invalid_request", 50011, "post_logout_redirect_uri")
    state = given.get("state")
    if state is None:
        return wanted
    parts = urlsplit(wanted)
    encoded = urlencode({"state": state})
    return urlunsplit(parts._replace(query=f"{parts.query}&{encoded}" if parts.query else encoded))
