"""Language and theme switches: plain POST forms, safe to offer on every page."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from fluent.theme import THEME_COOKIE, YEAR, Theme


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Django's own switch: a cookie, and back to a `next` on this host."""
    return set_language(request)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    try:
        chosen = Theme(request.POST.get("theme", ""))
    except ValueError:
        return HttpResponseBadRequest()
    response = HttpResponseRedirect(_safe_next(request), status=303)
    response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else "/"
