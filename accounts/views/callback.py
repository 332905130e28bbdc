"""Coming back from the identity provider."""

import json
import secrets

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView

from accounts import refusals, sessions
from accounts.access import access_rule
from accounts.matrix import live_areas
from accounts.models import Purpose, SignInRequest
from accounts.models.session import hashed
from accounts.models.signin import Result
from accounts.oidc import flows, requests, stepup, visits
from accounts.oidc.errors import REASONS, Failure
from accounts.redirects import sign_in_url, with_next
from accounts.views.trouble import explains_trouble
from secretstore import seal, unseal

_ANSWER = ("state", "code", "iss", "error", "error_description", "session_state")
_PURPOSE = "form-post-answer"
_LONGEST_ANSWER = 16 * 1024


@method_decorator([csrf_exempt, explains_trouble], name="dispatch")
class AuthenticationCallbackView(OIDCAuthenticationCallbackView):  # type: ignore[misc]
    """Receives the answer. By GET it is acted on; by POST (form_post) it is stored and picked up by GET."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return _act(request, {name: request.GET[name] for name in _ANSWER if name in request.GET})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the answer. No cookie comes with another site's POST (SameSite), so nothing is decided here."""
        answer = {name: request.POST[name] for name in _ANSWER if name in request.POST}
        record = requests.open_request(answer.get("state", ""))
        text = json.dumps(answer)
        if record is None or record.answer or len(text) > _LONGEST_ANSWER:
            raise flows.AnswerRefused(flows.Refusal.UNKNOWN_STATE)
        ticket = secrets.token_urlsafe(32)
        kept = SignInRequest.objects.filter(pk=record.pk, answer="")
        if not kept.update(answer=seal(text, purpose=_PURPOSE), answer_hash=hashed(ticket)):
            raise flows.AnswerRefused(flows.Refusal.ALREADY_USED)
        response = HttpResponseRedirect(f"{reverse('oidc_resume')}?answer={ticket}")
        response.status_code = 303
        return response


callback = access_rule("public")(AuthenticationCallbackView.as_view())


@access_rule("public")
@require_safe
@explains_trouble
def resume(request: HttpRequest) -> HttpResponse:
    """Go on, with this browser's cookies, from an answer that came by POST."""
    record = SignInRequest.objects.filter(answer_hash=hashed(request.GET.get("answer", ""))).exclude(answer="").first()
    if record is None:
        raise flows.AnswerRefused(flows.Refusal.UNKNOWN_STATE)
    return _act(request, json.loads(unseal(record.answer, purpose=_PURPOSE)))


def _act(request: HttpRequest, answer: dict[str, str]) -> HttpResponse:
    request.opens_once = True  # type: ignore[attr-defined] # no page made here may lead back to a used answer
    record = flows.claim(request, answer.get("state", ""))
    request.sign_in_request = record  # type: ignore[attr-defined]
    done = flows.complete(request, record, answer)
    if done.result is Result.SATISFIED:
        response = HttpResponseRedirect(record.next)
        if done.key:
            sessions.set_cookie(response, done.key)
        if record.purpose == Purpose.LOGIN:
            rotate_token(request)  # a CSRF token known from before the sign-in is worth nothing after it
            visits.remember(response, record.tenant_id)
        return response
    if record.purpose == Purpose.LOGIN:
        return _login_failed(request, done)
    return _step_up_failed(request, done)


def _login_failed(request: HttpRequest, done: flows.Completed) -> HttpResponse:
    context = {
        "cancelled": done.failure is Failure.CANCELLED,
        "consent": done.failure is Failure.CONSENT,
        "error": done.error,
        "reason": REASONS.get(done.error.removeprefix("AADSTS"), ""),
        "retry_url": sign_in_url(done.record.next, done.record.tenant_id),
    }
    response = render(request, "accounts/sign_in_refused.html", context, status=403)
    visits.remember(response, None)  # the next sign-in is at home again, unless it says otherwise
    return response


def _step_up_failed(request: HttpRequest, done: flows.Completed) -> HttpResponse:
    """The session stays as it was; the page says what was missing, and nothing is tried again by itself."""
    area = next(area for area in live_areas() if area.key == done.record.area)
    if done.result is Result.BLOCKED:
        return HttpResponseRedirect(done.record.next)  # the gate refuses it from the evidence just kept (V4)
    if done.result is Result.CANCELLED:
        context = {"area": area, "retry_url": with_next("oidc_step_up", done.record.next)}
        return render(request, "accounts/cancelled.html", context)
    received = stepup.told_by(done.evidence) if done.evidence else ()
    missing = ", ".join(stepup.configured()[1]) if done.evidence else done.error
    return refusals.not_satisfied(request, area, done.record.next, missing, received)
