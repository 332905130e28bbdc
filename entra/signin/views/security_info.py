""" "My security info": verification methods, sessions, recent sign-ins of the person signed in at the provider."""

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from entra.directory.methods import has_method, registered_methods, remove_method
from entra.directory.methods.recovery import codes_left, issue_recovery_codes
from entra.directory.models import User
from entra.directory.services import administered_tenants
from entra.federation.services import federation_of
from entra.signin.browsers import browser_name
from entra.signin.flows import SeeOther
from entra.signin.labels import LABELS, USED
from entra.signin.models import AuthenticationEvent, ProviderSession
from entra.signin.security_info import Need, Standing, sign_in_address, standing
from entra.signin.session import current_session, end_session
from entra.signin.views.security_info_urls import address

Page = Callable[..., HttpResponse]


def needs(need: Need, *, back_to: str = "overview") -> Callable[[Page], Page]:
    """Let in who meets `need`; everybody else signs in for it and comes back to the page `back_to`."""

    def guard(view: Page) -> Page:
        @wraps(view)
        def guarded(request: HttpRequest, **arguments: str) -> HttpResponse:
            who = standing(request)
            if who is not None and who.meets(need):
                response = view(request, who, **arguments)
            else:
                account = who.account if who else None
                response = SeeOther(sign_in_address(need=need, account=account, back_to=back_to))
            add_never_cache_headers(response)
            return response

        return guarded

    return guard


def card(who: Standing) -> dict[str, str]:
    """Whose page it is, as the narrow pages show it."""
    return {"branding": who.account.tenant.display_name, "identity": who.account.user_principal_name}


@require_safe
@needs(Need.VIEW)
def overview(request: HttpRequest, who: Standing) -> HttpResponse:
    session = current_session(request)
    events = AuthenticationEvent.objects.filter(account=who.account).select_related("session").order_by("-at")
    context = {
        "account": who.account,
        "methods": [(method, LABELS[method.kind]) for method in registered_methods(who.account)],
        "codes_left": codes_left(who.account),
        "sessions": [(row, browser_name(row.user_agent)) for row in _live_sessions(who).order_by("-created_at")],
        "password_kept_here": federation_of(who.account.user_principal_name) is None,
        "own_session": session.pk if session else None,
        "events": [(event, USED[event.method]) for event in events[:20]],
        "recovery_only": who.evidence.recovery,
        "admin_url": _admin_center(who.account),
    }
    return render(request, "signin/security_info.html", context)


def _admin_center(account: User) -> str:
    """Where this person administers something: at home, else in an organization visited; empty for nowhere."""
    tenants = administered_tenants(account)
    if not tenants:
        return ""
    home = reverse("admincenter:overview")
    return home if account.tenant in tenants else f"{home}?{urlencode({'tenant': tenants[0].pk})}"


@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Back from the sign-in. What counts is what the session proves now, not what the address says."""
    who = standing(request)
    if "error" not in request.GET and who is not None and who.meets(Need.VIEW):
        return SeeOther(address(request.GET.get("state", "")))
    # Only the code of the reason: the rest of the address could be anybody's words.
    code = re.match(r"AADSTS\d{5,7}", request.GET.get("error_description", ""))
    context = {"code": code[0] if code else ""}
    return render(request, "signin/security_info_refused.html", context, status=HTTPStatus.FORBIDDEN)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Need.CHANGE)
def remove(request: HttpRequest, who: Standing, method_id: UUID) -> HttpResponse:
    method = next((m for m in registered_methods(who.account) if m.id == str(method_id)), None)
    if method is None:
        raise Http404
    if who.evidence.recovery:
        # A found recovery code must not be enough to lock the owner out.
        messages.error(request, _("Verify with a method other than a recovery code before you remove one."))
    elif request.method == "POST":
        remove_method(account=who.account, method_id=method.id)
        messages.success(request, _("“%(name)s” was removed.") % {"name": method.name})
    else:
        return render(
            request, "signin/security_info_remove.html", {**card(who), "method": method, "label": LABELS[method.kind]}
        )
    return SeeOther(address("overview"))


@require_POST
@needs(Need.CHANGE)
def new_codes(request: HttpRequest, who: Standing) -> HttpResponse:
    """The answer to this POST is the only place where the codes are ever shown."""
    if not has_method(who.account) or who.evidence.recovery:
        messages.error(request, _("Set up and use another method before you make recovery codes."))
        return SeeOther(address("overview"))
    codes = issue_recovery_codes(account=who.account)
    return render(request, "signin/security_info_codes.html", {**card(who), "codes_text": "\n".join(codes)})


@require_POST
@needs(Need.VIEW)
def end_other_session(request: HttpRequest, who: Standing, session_id: UUID) -> HttpResponse:
    """Sign one browser out (ASVS 7.4.5). For this one it is the ordinary sign-out."""
    session = current_session(request)
    if session is not None and session.pk == session_id:
        end_session(request)
    elif not _live_sessions(who).filter(pk=session_id).update(ended_at=timezone.now()):
        raise Http404
    messages.success(request, _("The session was ended."))
    return SeeOther(address("overview"))


def _live_sessions(who: Standing) -> QuerySet[ProviderSession]:
    return ProviderSession.objects.filter(account=who.account, ended_at=None, expires_at__gt=timezone.now())
