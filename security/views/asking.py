"""Asking people to register a verification method: whom, what they will read, and the asking itself (Q5, M8)."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access_rule
from accounts.oidc.graph import NoDirectory, forget_application_token, graph_as_application
from customers.http import PartnerRequest
from msgraph.client import GraphRefused, GraphUnavailable
from security.asking import planning
from security.asking.lists import ASK, CHOICE, due, without_method
from security.asking.planning import Plan, Recipient, plan_for
from security.asking.rules import LeftOut
from security.asking.services import ask, letter_for
from security.asking.words import REASONS
from security.models import AccountStatus
from security.offer import offered_only
from security.problems import Problem, problem_text
from security.wording import advice

_NAMED = 5
"""Who was left out at last is named up to so many; the preview names all."""


@access_rule("users")
@require_safe
@offered_only
def ask_list(request: PartnerRequest) -> HttpResponseBase:
    """The accounts without a method, to choose from."""
    context = {
        "most": planning.MOST,
        "can_ask": bool(settings.SECURITY_INFO_URL),
        "preview_url": f"{reverse('asking:preview')}?{request.GET.urlencode()}",
    }
    return ASK.answer(request, without_method(request.user.tenant), template="security/ask.html", context=context)


@access_rule("users")
@require_http_methods(["GET", "HEAD", "POST"])
@offered_only
def ask_preview(request: PartnerRequest) -> HttpResponse:
    """Who would be asked, at which address and in which language, what it says, and who is left out for what.

    GET answers too, here and below: after a step-up the browser comes back to the address of the form.
    """
    return _planned(request, lambda plan: _preview(request, plan))


@access_rule("users")
@require_http_methods(["GET", "HEAD", "POST"])
@offered_only
def ask_send(request: PartnerRequest) -> HttpResponse:
    """Ask those who can still be asked. The same form a second time asks nobody."""

    def act(plan: Plan) -> HttpResponse:
        asked = ask(user=request.user, recipients=plan.asked, now=timezone.now())
        _tell(request, asked, plan)
        return redirect("asking:list")

    return _planned(request, act)


def _planned(request: PartnerRequest, act: Callable[[Plan], HttpResponse]) -> HttpResponse:
    """What is done with the choice that was posted; without one, or a page to link to, back to the list as it was."""
    back = redirect(f"{reverse('asking:list')}?{request.GET.urlencode()}".rstrip("?"))
    if request.method != "POST" or not settings.SECURITY_INFO_URL:
        return back
    chosen = _chosen(request)
    if not chosen:
        messages.error(request, _("Nobody is asked: choose people who were not asked in the last 7 days."))
        return back
    try:
        graph = graph_as_application(request.user.tenant_id)
        plan = plan_for(graph, chosen, by=request.user, now=timezone.now(), again=_again(request))
    except NoDirectory:
        return _unread(request, chosen, Problem.NO_DIRECTORY)
    except GraphUnavailable:
        return _unread(request, chosen, Problem.UNAVAILABLE)
    except GraphRefused as refused:
        forget_application_token(request.user.tenant_id)
        return _unread(request, chosen, str(refused))
    return act(plan)


def _chosen(request: PartnerRequest) -> Sequence[AccountStatus]:
    """Those ticked, or all that the address stands for and who are due. What is of another tenant is not there."""
    if "everybody" in request.POST:
        rows, problems = ASK.matching(request, without_method(request.user.tenant))
        if problems:
            return []
        return list((rows if request.GET.get("asked") else due(rows))[: planning.MOST_LOOKED_AT + 1])
    ids = [key for key in request.POST.getlist(CHOICE)[: planning.MOST_LOOKED_AT] if "\x00" not in key]
    return list(AccountStatus.objects.filter(tenant=request.user.tenant, user_id__in=ids))


def _again(request: PartnerRequest) -> bool:
    return "again" in request.POST


def _preview(request: PartnerRequest, plan: Plan) -> HttpResponse:
    context = {
        "plan": plan,
        "rows": [(one, _language_name(one.language)) for one in plan.asked],
        "others": [(one, REASONS[one.reason]) for one in plan.left_out if one.reason],
        "letters": list(_letters(request, plan.asked)),
        "lately": any(one.reason is LeftOut.RECENTLY for one in plan.left_out),
        "again": _again(request),
        "everyone": [one.user_id for one in (*plan.asked, *plan.left_out)],
        "most": planning.MOST,
        "looked_at": planning.MOST_LOOKED_AT,
    }
    return render(request, "security/ask_preview.html", context)


def _letters(request: PartnerRequest, asked: Sequence[Recipient]) -> Any:
    """One letter for each language, as its first recipient gets it."""
    first = {one.language: one for one in reversed(asked)}
    for language, one in sorted(first.items()):
        with translation.override(language):
            letter = letter_for(request.user, one)
        yield language, _language_name(language), one, letter


def _language_name(language: str) -> str:
    return str(translation.get_language_info(language)["name_local"])


def _unread(request: PartnerRequest, chosen: Sequence[AccountStatus], problem: str) -> HttpResponse:
    """Nothing is sent; the choice stays in the form that tries again."""
    context = {
        "problem": problem_text(problem),
        "advice": "" if problem == Problem.UNAVAILABLE else advice(problem),  # that one speaks of the report
        "everyone": [one.user_id for one in chosen[: planning.MOST_LOOKED_AT]],
        "again": _again(request),
    }
    status = HTTPStatus.SERVICE_UNAVAILABLE if problem in set(Problem) else HTTPStatus.FORBIDDEN
    return render(request, "security/ask_unread.html", context, status=status)


def _tell(request: PartnerRequest, asked: Sequence[Recipient], plan: Plan) -> None:
    others = plan.left_out
    if asked:
        said = ngettext("%(count)s person was asked.", "%(count)s people were asked.", len(asked))
        messages.success(request, said % {"count": len(asked)})
    for one in others[:_NAMED]:
        if one.reason:
            values = {"name": one.name, "reason": REASONS[one.reason]}
            messages.warning(request, _("Not asked: %(name)s. %(reason)s") % values)
    if (more := len(others) - _NAMED) > 0:
        messages.warning(
            request, ngettext("%(count)s more was not asked.", "%(count)s more were not asked.", more) % {"count": more}
        )
    if before := len(plan.asked) - len(asked):
        said = ngettext(
            "%(count)s person had been asked a moment before.",
            "%(count)s people had been asked a moment before.",
            before,
        )
        messages.warning(request, said % {"count": before})
