"""Wingtip as a custom control: a page with Approve and Deny, and a signed answer.

It says whether the person approved, and adds what a vendor would add to claim more; the receiver must not care.
"""

import logging
import secrets
import time
from http import HTTPStatus
from typing import Any

import jwt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from examples.wingtip import own
from examples.wingtip.service import service
from examples.wingtip.views.post_back import post_back

LIFETIME = 300
logger = logging.getLogger(__name__)


@require_http_methods(["GET", "POST"])
@never_cache
def control(request: HttpRequest) -> HttpResponse:
    token = request.POST.get("request", "") if request.method == "POST" else request.GET.get("request", "")
    try:
        asked = _asked(token)
    except jwt.PyJWTError as refusal:
        logger.warning("Request refused: %s", refusal)
        return render(request, "wingtip/refused.html", status=HTTPStatus.BAD_REQUEST)
    outcome = request.POST.get("outcome", "")
    if request.method == "POST" and outcome in {"approved", "denied"}:
        return post_back(request, asked["return_url"], {"answer": _answer(asked, outcome)})
    return render(request, "wingtip/control.html", {"token": token, "subject": asked["sub"]})


def _asked(token: str) -> dict[str, Any]:
    """The request's claims, once its signature by the service is checked."""
    if not token or jwt.get_unverified_header(token).get("typ") != "control-request+jwt":
        raise jwt.InvalidTokenError("typ")
    claims: dict[str, Any] = jwt.decode(
        token,
        service().key,
        algorithms=["RS256"],
        audience=settings.WINGTIP_URL,
        issuer=settings.ENTRA_URL,
        options={"require": ["iss", "aud", "sub", "jti", "exp", "return_url"]},
    )
    if not claims["return_url"].startswith(f"{settings.ENTRA_URL}/"):
        raise jwt.InvalidTokenError("return_url")
    return claims


def _answer(asked: dict[str, Any], outcome: str) -> str:
    now = int(time.time())
    claims = {
        "iss": settings.WINGTIP_URL,
        "aud": asked["iss"],
        "sub": asked["sub"],
        "jti": secrets.token_urlsafe(16),
        "in_response_to": asked["jti"],
        "iat": now,
        "exp": now + LIFETIME,
        "outcome": outcome,
        "amr": ["mfa"],  # claims more than the protocol lets it say
    }
    return jwt.encode(claims, own.SIGNING.key_pem, algorithm="RS256", headers={"typ": "control-answer+jwt"})
