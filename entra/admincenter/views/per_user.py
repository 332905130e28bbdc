"""Per-user MFA: who has which state, and changing it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from entra.admincenter import words
from entra.admincenter.guard import Administrator, act, page_acted_from, shown
from entra.admincenter.lists import PER_USER, people_with_state
from entra.admincenter.refusals import would_lock_out
from entra.policy.administration import set_per_user_mfa
from entra.policy.evaluate import PerUserMfaState
from entra.signin.flows import SeeOther
from entra.signin.lockout import WouldLockOut, keeps_an_administrator


@shown
def per_user(request: HttpRequest, who: Administrator) -> HttpResponseBase:
    rows = people_with_state(who.tenant)
    return PER_USER.answer(request, rows, template="admincenter/per_user.html")


@shown
def person(request: HttpRequest, who: Administrator, account_id: UUID) -> HttpResponseBase:
    account = get_object_or_404(people_with_state(who.tenant), pk=account_id)
    states = [(state.value, words.PER_USER[state]) for state in PerUserMfaState]
    return render(request, "admincenter/per_user_person.html", {"person": account, "states": states})


@act()
def set_state(request: HttpRequest, who: Administrator, account_id: UUID) -> HttpResponse:
    account = get_object_or_404(people_with_state(who.tenant), pk=account_id)
    try:
        state = PerUserMfaState(request.POST.get("state", ""))
    except ValueError as error:
        raise Http404 from error
    try:
        with keeps_an_administrator(who.tenant):
            set_per_user_mfa(users=[account], state=state, actor=who.actor)
    except WouldLockOut:
        messages.error(request, would_lock_out())
    else:
        messages.success(
            request,
            _("%(name)s: %(state)s") % {"name": account.user_principal_name, "state": words.PER_USER[state]},
        )
    return SeeOther(page_acted_from(request))
