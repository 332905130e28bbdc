"""The only place where pages are enforced: every request for one passes the access matrix here."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from accounts import held_posts, refusals, sessions
from accounts.access import Access, Area, Decision, Outcome, Verdict
from accounts.events.fallback import confirm
from accounts.gate import identify, judge
from accounts.matrix import find_area, segments
from activity.operation import Operation

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class AccessMiddleware:
    """Finds the session, the row of the path and the decision; stands after CsrfViewMiddleware.

    A form that meets a step-up is decided in `process_view`, which runs once the CSRF token was checked: a forged
    form is refused before anything of it is kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = segments(request.path_info)
        if path is None:
            raise Http404
        identify(request)
        area = find_area(request.access.areas, path)  # type: ignore[attr-defined]
        if area is None:
            raise Http404
        decision = confirm(request, area, judge(request, area))
        request.area, request.decision = area, decision  # type: ignore[attr-defined]
        waits_for_csrf = decision.outcome is Verdict.VERIFY_MFA and request.method not in SAFE_METHODS
        if decision.outcome is Verdict.ALLOW:
            _note_operation(request, area)
        elif not waits_for_csrf:
            return _private(refusals.respond(request, area, decision))
        response = self.get_response(request)
        # Public pages may be cached, except those of signing in: their redirects carry state and answers.
        return response if area.public and path[:1] != ("oidc",) else _private(response)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        decision: Decision = request.decision  # type: ignore[attr-defined]
        if decision.outcome is Verdict.ALLOW:
            held_posts.attach_uploads(request)
            return None
        return refusals.respond(request, request.area, decision)  # type: ignore[attr-defined]


def _note_operation(request: HttpRequest, area: Area) -> None:
    """Tell the operation log who does what; public pages and signed-out visitors are no operation (Q10)."""
    session = sessions.of(request)
    if session is None or area.public:
        return
    user = session.user
    access: Access = request.access  # type: ignore[attr-defined]
    proven = any(evidence.outcome is Outcome.MFA for evidence in access.evidence)
    request.operation = Operation(  # type: ignore[attr-defined]
        tenant_id=user.tenant_id,
        user_id=user.oid or user.subject,
        user_name=user.user_principal_name or user.display_name,
        area=area.key,
        mfa=proven,
    )


def _private(response: HttpResponse) -> HttpResponse:
    """Nobody's page may come out of another person's cache, or out of this browser's after signing out."""
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-store"
    return response
