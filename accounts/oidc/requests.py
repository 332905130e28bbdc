"""Our side of an authorize request: one stored record each, bound to the browser, used once."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from mozilla_django_oidc.utils import generate_code_challenge

from accounts.access import Area
from accounts.models import HeldPost, PortalSession, Purpose, SignInRequest
from accounts.models.session import hashed
from accounts.models.signin import Result
from accounts.oidc import provider, stepup

LIFETIME = timedelta(minutes=30)
BROWSER_COOKIE = "partnercenter_browser"


@dataclass(frozen=True, slots=True)
class Started:
    url: str
    browser: str

    def remember(self, response: HttpResponse) -> HttpResponse:
        """Bind the browser: who brings the answer must hold this cookie. Lax, so that it comes with the way back."""
        response.set_cookie(
            BROWSER_COOKIE,
            self.browser,
            max_age=int(LIFETIME.total_seconds()),
            path="/oidc/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response


def redirect_uri() -> str:
    return f"{settings.PORTAL_URL}{reverse('oidc_authentication_callback')}"


def start_login(
    request: HttpRequest,
    *,
    next_path: str,
    tenant_id: UUID | None = None,
    login_hint: str = "",
    domain_hint: str = "",
    select_account: bool = False,
) -> Started:
    """Sign somebody in: at their own organization, or as its guest at the one of `tenant_id`."""
    hints = {"login_hint": login_hint, "domain_hint": domain_hint, "prompt": "select_account" * select_account}
    extra = {name: value[:255] for name, value in hints.items() if value}
    return _start(request, extra, tenant_id=tenant_id, purpose=Purpose.LOGIN, next=next_path)


def start_step_up(
    request: HttpRequest, *, session: PortalSession, area: Area, next_path: str, held: HeldPost | None
) -> Started:
    max_age = int(area.freshness.total_seconds()) if area.freshness else None
    extra = stepup.request_parameters(
        max_age=max_age,
        login_hint=session.user.user_principal_name,
        takes_claims=provider.metadata().takes_claims,
    )
    return _start(
        request,
        extra,
        tenant_id=session.user.signs_in_at,
        purpose=Purpose.STEP_UP,
        next=next_path,
        session=session,
        area=area.key,
        max_age=max_age,
        held_post=held,
    )


def _start(
    request: HttpRequest, extra: dict[str, str], *, tenant_id: UUID | None, purpose: Purpose, **record: object
) -> Started:
    description = provider.metadata(tenant_id)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    browser = request.COOKIES.get(BROWSER_COOKIE) or secrets.token_urlsafe(32)
    SignInRequest.objects.filter(created_at__lt=timezone.now() - LIFETIME * 2).delete()
    SignInRequest.objects.create(
        state_hash=hashed(state),
        browser_hash=hashed(browser),
        nonce=nonce,
        code_verifier=verifier,
        provider=description.issuer,
        tenant_id=tenant_id,
        purpose=purpose,
        created_at=timezone.now(),
        **record,
    )
    parameters = {
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "response_type": "code",
        "response_mode": settings.OIDC_RESPONSE_MODE,
        "redirect_uri": redirect_uri(),
        "scope": settings.OIDC_RP_SCOPES,
        "state": state,
        "nonce": nonce,
        "code_challenge": generate_code_challenge(verifier, "S256"),
        "code_challenge_method": "S256",
        **extra,
    }
    return Started(f"{description.endpoint('authorization_endpoint')}?{urlencode(parameters)}", browser)


def open_request(state: str) -> SignInRequest | None:
    """Return the unanswered record of a state, or None when it is unknown, used or too old."""
    since = timezone.now() - LIFETIME
    records = SignInRequest.objects.select_related("session__user__tenant", "held_post")
    return records.filter(state_hash=hashed(state), used_at=None, created_at__gt=since).first()


def is_same_browser(request: HttpRequest, record: SignInRequest) -> bool:
    cookie = request.COOKIES.get(BROWSER_COOKIE, "")
    return bool(cookie) and secrets.compare_digest(hashed(cookie), record.browser_hash)


def use(record: SignInRequest) -> bool:
    """Mark the record used; False when another request was faster. One answer, one use."""
    return SignInRequest.objects.filter(pk=record.pk, used_at=None).update(used_at=timezone.now()) == 1


def finish(record: SignInRequest, result: Result) -> None:
    SignInRequest.objects.filter(pk=record.pk).update(result=result)
