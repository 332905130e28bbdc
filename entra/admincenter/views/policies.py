"""Conditional access: the list, one policy, and writing one."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entra.admincenter import words
from entra.admincenter.effects import DAYS, effect_of
from entra.admincenter.forms.policy import PolicyForm
from entra.admincenter.guard import Administrator, act, form_page, shown
from entra.admincenter.naming import names_in
from entra.admincenter.refusals import would_lock_out
from entra.admincenter.summary import summary
from entra.policy.administration import remove_policy, save_policy
from entra.policy.evaluate import PolicyState
from entra.policy.models import ConditionalAccessPolicy
from entra.signin.flows import SeeOther
from entra.signin.lockout import WouldLockOut, keeps_an_administrator


def policies_of(who: Administrator) -> "QuerySet[ConditionalAccessPolicy]":
    found = ConditionalAccessPolicy.objects.filter(tenant=who.tenant).select_related("tenant", "custom_control")
    return found.prefetch_related("include_locations", "exclude_locations").order_by("name")


def find_policy(who: Administrator, policy_id: UUID) -> ConditionalAccessPolicy:
    return get_object_or_404(policies_of(who), pk=policy_id)


def policy_url(policy: ConditionalAccessPolicy) -> str:
    return reverse("admincenter:policy", args=[policy.pk])


@shown
def policies(request: HttpRequest, who: Administrator) -> HttpResponse:
    listed = list(policies_of(who))
    names = names_in(who.tenant, listed)
    rows = [
        (policy, summary(policy, names), words.STATES[policy.state], words.STATE_BADGES[PolicyState(policy.state)])
        for policy in listed
    ]
    return render(request, "admincenter/policies.html", {"rows": rows})


@shown
def policy_page(request: HttpRequest, who: Administrator, policy_id: UUID) -> HttpResponse:
    policy = find_policy(who, policy_id)
    reports = policy.state == PolicyState.REPORT_ONLY
    effect = effect_of(policy) if reports else None
    context = {
        "policy": policy,
        "sentence": summary(policy, names_in(who.tenant, [policy])),
        "state": words.STATES[policy.state],
        "state_badge": words.STATE_BADGES[PolicyState(policy.state)],
        "effect": effect,
        "changed": [(row, words.RESULTS[result]) for row, result in effect.rows] if effect else [],
        "days": DAYS,
    }
    return render(request, "admincenter/policy.html", context)


@form_page()
def new_policy(request: HttpRequest, who: Administrator) -> HttpResponse:
    return _write(request, who, None)


@form_page()
def edit_policy(request: HttpRequest, who: Administrator, policy_id: UUID) -> HttpResponse:
    return _write(request, who, find_policy(who, policy_id))


def _write(request: HttpRequest, who: Administrator, policy: ConditionalAccessPolicy | None) -> HttpResponse:
    """A new policy starts in report-only mode: nobody meets it before it was looked at."""
    control = "" if policy else request.GET.get("control", "")
    form = PolicyForm(request.POST or None, tenant=who.tenant, policy=policy, control=control)
    if request.method == "POST" and form.is_valid():
        state = PolicyState(policy.state) if policy else PolicyState.REPORT_ONLY
        try:
            with keeps_an_administrator(who.tenant):
                saved = save_policy(tenant=who.tenant, policy=policy, state=state, actor=who.actor, **form.facts())
        except WouldLockOut:
            form.add_error(None, would_lock_out())
        else:
            messages.success(request, _("“%(name)s” was saved.") % {"name": saved.name})
            return SeeOther(policy_url(saved))
    return render(request, "admincenter/policy_form.html", {"form": form, "policy": policy})


@shown
def confirm_removal(request: HttpRequest, who: Administrator, policy_id: UUID) -> HttpResponse:
    return render(request, "admincenter/policy_remove.html", {"policy": find_policy(who, policy_id)})


@act()
def remove(request: HttpRequest, who: Administrator, policy_id: UUID) -> HttpResponse:
    policy = find_policy(who, policy_id)
    remove_policy(tenant=who.tenant, name=policy.name, actor=who.actor)  # demands only ever become fewer
    messages.success(request, _("“%(name)s” was deleted.") % {"name": policy.name})
    return SeeOther(reverse("admincenter:policies"))
