"""Our side of an authorize request: one stored record each, bound to the browser, used once."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from entra.admincenter.client import provider
from entra.admincenter.client.registration import CLIENT_ID, ensure_registered, redirect_uri
from entra.admincenter.models import AdminSession, AuthorizeRequest
from entra.admincenter.sessions import FRESH, hashed
from entra.directory.models import Tenant
from secretstore import seal, unseal

LIFETIME = timedelta(minutes=30)
HELD_FOR = timedelta(minutes=10)
BROWSER_COOKIE = "entra_admin_browser"
_HELD = "admin-held-form"


@dataclass(frozen=True)
class Started:
    """Where to send the browser, which has to hold the cookie when it comes back."""

    url: str
    browser: str

    def remember(self, response: HttpResponse) -> HttpResponse:
        response.set_cookie(
            BROWSER_COOKIE,
            self.browser,
            max_age=int(LIFETIME.total_seconds()),
            path="/admin",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response


def start(
    request: HttpRequest,
    *,
    next_path: str,
    tenant: Tenant | None = None,
    session: AdminSession | None = None,
    held: QueryDict | None = None,
) -> Started:
    """Ask the provider to sign somebody in with MFA at `tenant`, or at home; with a `session`, to verify them anew.

    Raises NoOrganization, ProviderUnavailable.
    """
    ensure_registered()
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    browser = request.COOKIES.get(BROWSER_COOKIE) or secrets.token_urlsafe(32)
    now = timezone.now()
    AuthorizeRequest.objects.filter(created_at__lt=now - LIFETIME * 2).delete()
    AuthorizeRequest.objects.create(
        state_hash=hashed(state),
        browser_hash=hashed(browser),
        nonce=nonce,
        code_verifier=verifier,
        session=session,
        tenant=tenant,
        next=next_path,
        held_sealed=_sealed(held) if held else "",
        created_at=now,
    )
    parameters = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": redirect_uri(),
        "scope": "openid",
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
        "claims": json.dumps({"id_token": {"amr": {"essential": True, "values": ["mfa"]}}}),
        **(_of(session) if session else {}),
    }
    described = provider.metadata(tenant.pk if tenant else None)
    return Started(f"{described['authorization_endpoint']}?{urlencode(parameters)}", browser)


def _of(session: AdminSession) -> dict[str, str]:
    """A step-up asks for this very person, verified a moment ago; a minute is left for the way back."""
    return {
        "login_hint": session.account.home.user_principal_name,
        "max_age": str(int(FRESH.total_seconds()) - 60),
    }


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def take(request: HttpRequest, state: str) -> AuthorizeRequest | None:
    """The request this answer belongs to, now used; None when it is unknown, too old, used, or another browser's."""
    since = timezone.now() - LIFETIME
    waiting = AuthorizeRequest.objects.filter(used_at=None, created_at__gt=since)
    record = waiting.select_related("session__account").filter(state_hash=hashed(state)).first()
    cookie = request.COOKIES.get(BROWSER_COOKIE, "")
    if record is None or not secrets.compare_digest(hashed(cookie), record.browser_hash):
        return None
    return record if waiting.filter(pk=record.pk).update(used_at=timezone.now()) else None


def held_form(session: AdminSession, request_id: str) -> QueryDict | None:
    """The form that met this session's step-up, if it is not too old."""
    try:
        wanted = UUID(request_id)
    except ValueError:
        return None
    answered = AuthorizeRequest.objects.filter(session=session, used_at__gt=timezone.now() - HELD_FOR)
    record = answered.filter(pk=wanted).exclude(held_sealed="").first()
    return QueryDict(unseal(record.held_sealed, purpose=_HELD)) if record else None


def _sealed(form: QueryDict) -> str:
    kept = form.copy()
    kept.pop("csrfmiddlewaretoken", None)
    kept["held"] = "1"  # so that it is never empty
    return seal(kept.urlencode(), purpose=_HELD)
