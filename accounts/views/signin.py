"""Going to the identity provider: to sign in, or to verify."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.decorators import method_decorator
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from accounts import held_posts, sessions
from accounts.access import Area, Verdict, access_rule
from accounts.gate import judge
from accounts.matrix import find_area, live_areas, segments
from accounts.models import HeldPost, PortalSession
from accounts.oidc import requests, visits
from accounts.oidc.provider import DiscoveredSettings, has_tenants
from accounts.redirects import safe_next, with_next
from accounts.views.trouble import explains_trouble


@method_decorator(explains_trouble, name="dispatch")
class AuthenticationRequestView(DiscoveredSettings, OIDCAuthenticationRequestView):  # type: ignore[misc]
    """Starts a sign-in. The record of the request is a row, not part of a session."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        # The library's constructor asks for the endpoint at once, before a page could explain that it is down.
        super(OIDCAuthenticationRequestView, self).__init__(*args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        another = request.GET.get("prompt") == "select_account"
        started = requests.start_login(
            request,
            next_path=safe_next(request.GET.get("next")),
            tenant_id=_tenant(request, another_account=another),
            login_hint=request.GET.get("login_hint", ""),
            domain_hint=request.GET.get("domain_hint", ""),
            # Who was signed in with an account that cannot come in would be signed in with it again, unasked.
            select_account=another,
        )
        return started.remember(HttpResponseRedirect(started.url))


def _tenant(request: HttpRequest, *, another_account: bool) -> UUID | None:
    """Where to sign in as a guest: at the tenant named, else where the last sign-in was; None for at home.

    Raises Http404 for what names no tenant.
    """
    if not has_tenants():
        return None
    if "tenant" not in request.GET:
        return None if another_account or request.GET.get("login_hint") else visits.visited(request)
    named = visits.tenant_named(request.GET["tenant"])
    if named is None:
        raise Http404
    return named


authenticate = access_rule("public")(AuthenticationRequestView.as_view())


@access_rule("public")
@explains_trouble
def step_up(request: HttpRequest) -> HttpResponse:
    """Send a signed-in person to verify for the page `next`, or for a held form. The page decides what is needed."""
    session = sessions.of(request)
    held = _held(request, session)
    next_path = held.path if held else safe_next(request.GET.get("next"))
    if session is None:
        return HttpResponseRedirect(with_next("oidc_authentication_init", next_path))
    area = _area(next_path)
    decision = judge(request, area)
    if decision.outcome not in {Verdict.VERIFY_MFA, Verdict.BLOCKED}:
        return HttpResponseRedirect(next_path if held is None else reverse("accounts:held", args=[held.pk]))
    target = reverse("accounts:held", args=[held.pk]) if held else next_path
    started = requests.start_step_up(request, session=session, area=area, next_path=target, held=held)
    return started.remember(HttpResponseRedirect(started.url))


def _held(request: HttpRequest, session: PortalSession | None) -> HeldPost | None:
    if session is None:
        return None
    named = request.GET.get("held") or _held_page(safe_next(request.GET.get("next")))
    if named is None:
        return None
    try:
        return held_posts.of_session(session).get(pk=UUID(str(named)))
    except (ValueError, HeldPost.DoesNotExist) as error:
        raise Http404 from error


def _held_page(path: str) -> UUID | None:
    """Return the held form when a second try goes to its page: the form's own page decides what is needed."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    held: UUID | None = match.kwargs.get("held_id") if match.view_name == "accounts:held" else None
    return held


def _area(next_path: str) -> Area:
    path = segments(next_path.partition("?")[0])
    area = find_area(live_areas(), path) if path is not None else None
    if area is None:
        raise Http404
    return area


@access_rule("public")
def signed_out(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:  # the page must not say what is not true; here one can make it true
        return HttpResponseRedirect(reverse("oidc_logout"))
    return render(request, "accounts/signed_out.html", {"sign_in_url": reverse("oidc_authentication_init")})
