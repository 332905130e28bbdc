"""What a person meets when the matrix does not let them through, each with the way forward."""

from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts import held_posts, sessions
from accounts.access import Area, Decision, Verdict
from accounts.models import SignInRequest
from accounts.models.signin import Result
from accounts.redirects import with_next
from accounts.roles import Program, Role, effective_roles
from fluent.navigation import page_before

_PAGE = ("GET", "HEAD", "OPTIONS")
_LOOP_WINDOW = timedelta(minutes=5)
_LOOP_LIMIT = 2


def respond(request: HttpRequest, area: Area, decision: Decision) -> HttpResponse:
    """Answer a request that the matrix refused. `decision` is anything but ALLOW."""
    if decision.outcome is Verdict.SIGN_IN:
        return _sign_in(request)
    if decision.outcome is Verdict.VERIFY_MFA:
        return _verify(request, area)
    if decision.outcome is Verdict.BLOCKED:
        return blocked(request, area)
    if decision.outcome is Verdict.UNREACHABLE:
        return unreachable(request, area)
    return forbidden(request, area)


def _sign_in(request: HttpRequest) -> HttpResponse:
    if request.method in _PAGE:
        return HttpResponseRedirect(with_next("oidc_authentication_init", request.get_full_path()))
    # A form cannot be redirected to another origin (form-action), and its answer would be lost on the way.
    context = {"url": with_next("oidc_authentication_init", page_before(request))}
    return render(request, "accounts/session_ended.html", context, status=HTTPStatus.UNAUTHORIZED)


def _verify(request: HttpRequest, area: Area) -> HttpResponse:
    if request.method in _PAGE:
        if _step_ups_fail(request, area):
            return not_satisfied(request, area, request.get_full_path())
        return HttpResponseRedirect(with_next("oidc_step_up", request.get_full_path()))
    session = sessions.of(request)
    assert session is not None  # noqa: S101 - VERIFY_MFA is decided for signed-in people only
    context: dict[str, object] = {"area": area}
    try:
        post = held_posts.hold(request, session)
        context["url"] = f"{reverse('oidc_step_up')}?{urlencode({'held': post.pk})}"
        context["dropped"] = post.dropped
    except held_posts.TooLargeToHold:
        context["url"] = with_next("oidc_step_up", page_before(request))
        context["too_large"] = True
    return render(request, "accounts/verify_identity.html", context, status=HTTPStatus.FORBIDDEN)


def forbidden(request: HttpRequest, area: Area) -> HttpResponse:
    """403: the roles held, the roles needed, and who can grant them (M12)."""
    user = request.user
    held = sorted(user.roles - {Role.USER}) if user.is_authenticated else []
    programs = user.tenant.program_set if user.is_authenticated else frozenset()
    context = {
        "area": area,
        "held": held,
        "needed": [role for role in Role if role in area.roles],
        "cpv": Program.CPV in programs,
        "can_be_given": bool(effective_roles(Role, programs) & area.roles),
        "why_url": f"{reverse('accounts:why')}?{urlencode({'path': request.path})}",
    }
    return render(request, "accounts/forbidden.html", context, status=HTTPStatus.FORBIDDEN)


def blocked(request: HttpRequest, area: Area) -> HttpResponse:
    """403: what the provider proved, what is needed, how an administrator fixes it, and another try (M14)."""
    session = sessions.of(request)
    evidence = session.evidence if session else ()
    received = next((item.amr for item in reversed(evidence) if item.amr), ())
    target = request.get_full_path() if request.method in _PAGE else page_before(request)
    context = {
        "area": area,
        "received": received,
        "error": evidence[-1].error if evidence else "",
        "retry_url": with_next("oidc_step_up", target),
    }
    return render(request, "accounts/blocked.html", context, status=HTTPStatus.FORBIDDEN)


def unreachable(request: HttpRequest, area: Area) -> HttpResponse:
    """503: the area wants the directory's word of this moment (M22). The session stays, and so does the rest."""
    target = request.get_full_path() if request.method in _PAGE else page_before(request)
    context = {"area": area, "retry_url": target, "sent": request.method not in _PAGE}
    response = render(request, "accounts/directory_unreachable.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = "30"
    return response


def not_satisfied(
    request: HttpRequest, area: Area, next_path: str, missing: object = "", received: tuple[str, ...] = ()
) -> HttpResponse:
    """403: the verification came back without what the page needs; no automatic second try (M11, AADSTS50196)."""
    context = {
        "area": area,
        "missing": missing,
        "received": received,
        "retry_url": with_next("oidc_step_up", next_path),
    }
    return render(request, "accounts/not_satisfied.html", context, status=HTTPStatus.FORBIDDEN)


def _step_ups_fail(request: HttpRequest, area: Area) -> bool:
    recent = SignInRequest.objects.filter(
        session=sessions.of(request),
        area=area.key,
        created_at__gt=timezone.now() - _LOOP_WINDOW,
        result__in=[Result.UNSATISFIED, Result.SATISFIED],
    )
    # A satisfied step-up that did not open the page would loop just as well as an unsatisfied one.
    return recent.count() >= _LOOP_LIMIT
