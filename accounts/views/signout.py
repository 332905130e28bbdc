"""Signing out: here, at the provider, and when the provider says so."""

from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from mozilla_django_oidc.views import OIDCLogoutView

from accounts import sessions
from accounts.access import access_rule
from accounts.audit import AccountsAction
from accounts.models import PortalSession
from accounts.oidc import backchannel, provider, visits
from accounts.oidc.flows import ID_TOKEN
from accounts.oidc.jwts import TokenRejected
from activity.services import record_audit
from fluent.navigation import leave
from secretstore import SecretUnreadable, unseal

_LONGEST_ADDRESS = 4_000
"""Servers take a little more, 4,094 characters where nothing else is set."""


class SignOutView(OIDCLogoutView):  # type: ignore[misc]
    """GET asks for confirmation, so that a link elsewhere cannot sign anybody out; POST does it (ASVS 10.6.2)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponseRedirect(reverse("signed_out"))
        return render(request, "accounts/sign_out.html")

    def post(self, request: HttpRequest) -> HttpResponse:
        session = sessions.of(request)
        if session is None:
            return HttpResponseRedirect(reverse("signed_out"))
        url = provider_sign_out_url(session)
        _end(session)
        response = leave(request, url) if url else HttpResponseRedirect(reverse("signed_out"))
        response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
        visits.remember(response, None)
        return response


sign_out = access_rule("public")(SignOutView.as_view())


def provider_sign_out_url(session: PortalSession) -> str:
    """Return where RP-Initiated Logout 1.0 continues at the provider; empty when it cannot be reached or has none."""
    try:
        endpoint = provider.metadata().endpoint("end_session_endpoint")
    except provider.ProviderUnavailable:
        return ""
    if not endpoint:
        return ""
    parameters = {
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "post_logout_redirect_uri": f"{settings.PORTAL_URL}{reverse('signed_out')}",
    }
    address, stored = f"{endpoint}?{urlencode(parameters)}", getattr(session, "tokens", None)
    if stored is not None:
        with suppress(SecretUnreadable):
            hint = unseal(stored.id_token, purpose=f"{ID_TOKEN}:{session.pk}")
            hinted = f"{address}&{urlencode({'id_token_hint': hint})}"
            # The token of somebody in many groups is too long for an address. Without it the provider asks the person.
            return hinted if len(hinted) <= _LONGEST_ADDRESS else address
    return address


@transaction.atomic
def _end(session: PortalSession) -> None:
    user = session.user
    sessions.end(session)
    record_audit(
        action=AccountsAction.SIGNED_OUT,
        actor=user.oid or user.subject,
        tenant_id=user.tenant_id,
        subject=user.user_principal_name or user.display_name,
    )


@access_rule("public")
@csrf_exempt
@require_POST
def backchannel_logout(request: HttpRequest) -> HttpResponse:
    """The provider ended sessions (Back-Channel Logout 1.0, 2.5 to 2.8). Trusted for its signature alone."""
    try:
        backchannel.receive(request.POST.get("logout_token", ""))
    except TokenRejected as rejected:
        response: HttpResponse = JsonResponse(
            {"error": "invalid_request", "error_description": rejected.reason.value}, status=HTTPStatus.BAD_REQUEST
        )
    except provider.ProviderUnavailable:
        response = HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    else:
        response = HttpResponse(status=HTTPStatus.OK)
    response["Cache-Control"] = "no-store"
    return response
