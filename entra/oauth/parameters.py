"""Reads an authorize request: typed values, or an error that names the parameter at fault (OIDC Core 3.1.2.1)."""

import re
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from entra.apps.models import Application
from entra.keys.issuer import issuer
from entra.keys.services import read_signed
from entra.oauth.claims_parameter import agreed, read_claims, requested, values_of
from entra.oauth.errors import OAuthError
from entra.oauth.scope_parameters import requested_resource, requested_scope
from entra.signin.request import Prompt, SignInRequest

_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}\Z")
_ONCE = (
    *("client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "prompt", "max_age"),
    *("claims", "acr_values", "amr_values", "code_challenge", "code_challenge_method"),
    *("login_hint", "domain_hint", "id_token_hint", "resource"),
)
_LONGEST_OF_DEVICE = 8_000
RESPONSE_MODES = frozenset({"query", "form_post", "fragment"})


def parameters_of(request: HttpRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def refuse_nul(given: QueryDict) -> None:
    """No parameter has a use for this character, and databases do not take it. Raises OAuthError."""
    if any("\x00" in value for name in given for value in (name, *given.getlist(name))):
        raise OAuthError("invalid_request", 9002313)


def response_mode(given: QueryDict) -> str:
    """How to answer, also with an error: a mode we do not know falls back to the default of the code flow."""
    mode = given.get("response_mode", "query")
    return mode if mode in RESPONSE_MODES else "query"


def read(given: QueryDict, application: Application, version: str) -> SignInRequest:
    """The validated request. The client and its redirect address have been checked before. Raises OAuthError."""
    _refuse_unsupported(given, version)
    claims = read_claims(given)
    return SignInRequest(
        client_id=str(application.pk),
        redirect_uri=given.get("redirect_uri", ""),
        requested_at=int(timezone.now().timestamp()),
        version=version,
        response_mode=response_mode(given),
        scope=_widened(requested_scope(given, application, version), claims),
        resource=requested_resource(given),
        state=given.get("state"),
        nonce=given.get("nonce"),
        code_challenge=_challenge(given, application),
        prompt=_prompt(given),
        max_age=_max_age(given),
        login_hint=given.get("login_hint", ""),
        domain_hint=given.get("domain_hint", ""),
        expected_oid=_expected_oid(given, application),
        expected_sub=_expected_sub(claims),
        client_info=given.get("client_info") == "1",
        ui_locales=tuple(given.get("ui_locales", "").split()),
        **_demands(given, claims, version),
    )


def read_of_device(given: QueryDict, application: Application, version: str) -> SignInRequest:
    """What a device asks for that has no browser (RFC 8628 section 3.1), with the same demands. Raises OAuthError."""
    refuse_nul(given)
    _refuse_repeated(given)
    # Whoever knows a public client's id may ask, and what is asked is kept: no more than an address would hold.
    if sum(len(given.get(name, "")) for name in _ONCE) > _LONGEST_OF_DEVICE:
        raise OAuthError("invalid_request", 9002313, "the request is too long")
    if version == "2.0":
        _refuse_v1_only(given)
    claims = read_claims(given)
    return SignInRequest(
        client_id=str(application.pk),
        redirect_uri="",
        requested_at=int(timezone.now().timestamp()),
        version=version,
        scope=_widened(requested_scope(given, application, version), claims),
        resource=requested_resource(given),
        **_demands(given, claims, version),
    )


def _demands(given: QueryDict, claims: dict[str, Any], version: str) -> dict[str, Any]:
    """What the sign-in has to prove, and what it should."""
    acr, voluntary = requested(claims, "acr")
    amr, voluntary_amr = requested(claims, "amr")
    acrs, _voluntary_acrs = requested(claims, "acrs")
    wanted_amr = tuple(given.get("amr_values", "").split()) if version == "1.0" else ()
    wishes_mfa = ("urn:microsoft:policies:mfa",) if {"mfa", "ngcmfa"} & set(voluntary_amr) else ()
    return {
        "essential_acr": acr,
        "voluntary_acr": (*given.get("acr_values", "").split(), *voluntary, *wishes_mfa),
        "essential_amr": agreed(amr, wanted_amr, "amr_values"),
        "essential_acrs": acrs,
    }


def _refuse_repeated(given: QueryDict) -> None:
    if repeated := [name for name in _ONCE if len(given.getlist(name)) > 1]:
        raise OAuthError("invalid_request", 9002313, f"{repeated[0]} is given more than once")


def _refuse_unsupported(given: QueryDict, version: str) -> None:
    _refuse_repeated(given)
    for name in ("request", "request_uri"):
        if name in given:
            raise OAuthError(f"{name}_not_supported", 901002, name)
    if not given.get("response_type"):
        raise OAuthError("invalid_request", 900144, "response_type")
    if given["response_type"] != "code":
        raise OAuthError("unsupported_response_type", 90023, "response_type")
    if given.get("response_mode", "query") not in RESPONSE_MODES:
        raise OAuthError("invalid_request", 90023, "response_mode")
    if version == "2.0":
        _refuse_v1_only(given)


def _refuse_v1_only(given: QueryDict) -> None:
    for name in ("amr_values", "resource"):
        if name in given:
            raise OAuthError("invalid_request", 901002, name)


_SCOPE_OF = {
    **dict.fromkeys(("name", "given_name", "family_name", "preferred_username"), "profile"),
    "email": "email",
}


def _widened(scope: tuple[str, ...], claims: dict[str, Any]) -> tuple[str, ...]:
    """Claims asked for by name count as their scope, so that consent shows what will be told (OIDC Core 5.5)."""
    names = [*claims["userinfo"], *claims["id_token"]]
    return tuple(dict.fromkeys([*scope, *(_SCOPE_OF[name] for name in names if name in _SCOPE_OF)]))


def _challenge(given: QueryDict, application: Application) -> str | None:
    challenge = given.get("code_challenge")
    if challenge is None:
        if application.require_pkce or application.public:
            raise OAuthError("invalid_request", 9002325, "code_challenge")
        return None
    if given.get("code_challenge_method") != "S256" or not _CHALLENGE.match(challenge):
        # The plain method protects nothing (RFC 9700 2.1.1), and it is the default when none is named.
        raise OAuthError("invalid_request", 9002325, "code_challenge_method")
    return challenge


def _prompt(given: QueryDict) -> frozenset[Prompt]:
    try:
        prompt = frozenset(Prompt(value) for value in given.get("prompt", "").split())
    except ValueError as error:
        raise OAuthError("invalid_request", 90023, "prompt") from error
    if Prompt.NONE in prompt and len(prompt) > 1:
        raise OAuthError("invalid_request", 90023, "prompt")
    return prompt


def _max_age(given: QueryDict) -> int | None:
    value = given.get("max_age")
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise OAuthError("invalid_request", 90023, "max_age")
    return int(value)


def _expected_oid(given: QueryDict, application: Application) -> str:
    """The account that `id_token_hint` names. An expired token still names one; a foreign one is an error."""
    hint = given.get("id_token_hint")
    if not hint:
        return ""
    claims = read_signed(hint, verify_exp=False)
    if claims is None or not is_own_id_token(claims, application):
        raise OAuthError("invalid_request", 90023, "id_token_hint")
    return str(claims["oid"])


def _expected_sub(claims: dict[str, Any]) -> str:
    asked = claims["id_token"].get("sub")
    return "" if asked is None else next(iter(values_of(asked)), "")


def is_own_id_token(claims: dict[str, Any], application: Application) -> bool:
    tid = str(claims.get("tid", ""))
    return (
        bool(tid)
        and claims.get("iss") in {issuer(tid, "2.0"), issuer(tid, "1.0")}
        and claims.get("aud") == str(application.pk)
        and "oid" in claims
        and "scp" not in claims
    )
