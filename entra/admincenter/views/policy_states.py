"""Switching a policy on, to report-only or off; whom it would lock out, and asking people to register before."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entra.admincenter.guard import Administrator, act, form_page, page_acted_from
from entra.admincenter.invitations import ask_to_register
from entra.admincenter.naming import names_in
from entra.admincenter.people import to_register
from entra.admincenter.refusals import would_lock_out
from entra.admincenter.summary import summary
from entra.admincenter.views.policies import find_policy, policy_url
from entra.policy.administration import set_policy_state
from entra.policy.evaluate import PolicyState
from entra.signin.flows import SeeOther
from entra.signin.lockout import Obstacle, WouldLockOut, keeps_an_administrator, locked_out_by

_SHOWN = 200
_HARMLESS = {PolicyState.REPORT_ONLY, PolicyState.OFF}


@form_page()
def switch_on(request: HttpRequest, who: Administrator, policy_id: UUID) -> HttpResponse:
    policy = find_policy(who, policy_id)
    refusal = ""
    if request.method == "POST":
        try:
            with keeps_an_administrator(who.tenant):
                set_policy_state(policy=policy, state=PolicyState.ON, actor=who.actor)
        except WouldLockOut:
            refusal = would_lock_out()
        else:
            messages.success(request, _("“%(name)s” is on, from the next sign-in.") % {"name": policy.name})
            return SeeOther(policy_url(policy))
    locked_out = locked_out_by(policy)
    context = {
        "policy": policy,
        "sentence": summary(policy, names_in(who.tenant, [policy])),
        "refusal": refusal,
        "locked_out": [(one.account, one.obstacle is Obstacle.BLOCKED) for one in locked_out[:_SHOWN]],
        "more": max(0, len(locked_out) - _SHOWN),
        "count": len(locked_out),
        "unregistered": sum(1 for _account in to_register(who.tenant)),
    }
    return render(request, "admincenter/policy_switch_on.html", context)


@act()
def set_state(request: HttpRequest, who: Administrator, policy_id: UUID, state: str) -> HttpResponse:
    """Report-only or off: what demands nothing needs no look ahead."""
    policy = find_policy(who, policy_id)
    if state not in _HARMLESS:
        raise Http404
    set_policy_state(policy=policy, state=PolicyState(state), actor=who.actor)
    if state == PolicyState.OFF:
        messages.success(request, _("“%(name)s” is off.") % {"name": policy.name})
    else:
        messages.success(request, _("“%(name)s” is report-only: it demands nothing.") % {"name": policy.name})
    return SeeOther(policy_url(policy))


@act()
def ask(request: HttpRequest, who: Administrator) -> HttpResponse:
    """Mail “please register” to all who have no method."""
    count = ask_to_register(tenant=who.tenant, actor=who.actor)
    said = ngettext("%(count)d person was asked to register.", "%(count)d people were asked to register.", count)
    messages.success(request, said % {"count": count})
    return SeeOther(page_acted_from(request))
