"""Guests: who they are, and whether the MFA they did at home is believed (M15)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entra.admincenter import people
from entra.admincenter.guard import Administrator, act, shown
from entra.admincenter.lists import GUESTS
from entra.oauth.home_trust import change_home_mfa_trust
from entra.signin.flows import SeeOther


@shown
def guests(request: HttpRequest, who: Administrator) -> HttpResponseBase:
    context = {
        "trusted": who.tenant.trusts_home_mfa,
        "only_at_home": people.verifying_only_at_home(who.tenant).count(),
    }
    return GUESTS.answer(request, people.guests(who.tenant), template="admincenter/guests.html", context=context)


@act()
def trust(request: HttpRequest, who: Administrator) -> HttpResponse:
    """Members are not touched, and no guest is a last administrator: nobody can be locked out for good."""
    on = request.POST.get("on") == "1"
    ended = change_home_mfa_trust(tenant=who.tenant, on=on, actor=who.actor)
    if on:
        messages.success(request, _("MFA done at home is trusted, from the next sign-in."))
    else:
        messages.success(request, _("MFA done at home is no longer trusted."))
    if ended:
        said = ngettext("%(count)d guest was signed out.", "%(count)d guests were signed out.", ended)
        messages.info(request, said % {"count": ended})
    return SeeOther(reverse("admincenter:guests"))
