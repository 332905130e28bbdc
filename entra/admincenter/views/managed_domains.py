"""Ending a federation: the domain's passwords are checked here again. And who of the domain has one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from entra.admincenter.guard import Administrator, Need, form_page, shown
from entra.admincenter.lists import DOMAIN_PEOPLE, people_of
from entra.admincenter.refusals import nobody_has_a_password
from entra.admincenter.views.federation import find_domain, find_federated
from entra.directory.services import accounts_of, without_password
from entra.federation.administration import unfederate_domain
from entra.signin.flows import SeeOther
from entra.signin.lockout import WouldLockOut, keeps_an_administrator


@form_page(need=Need.GLOBAL)
def end_federation(request: HttpRequest, who: Administrator, name: str) -> HttpResponse:
    """Say first what becomes of the domain's people, and how many would have to be given a way in."""
    domain = find_federated(who, name).domain
    refusal = ""
    if request.method == "POST":
        try:
            with keeps_an_administrator(who.tenant):
                unfederate_domain(domain=domain, actor=who.actor)
        except WouldLockOut:
            refusal = nobody_has_a_password()
        else:
            messages.success(request, _("Passwords of %(domain)s are checked here again.") % {"domain": name})
            return SeeOther(reverse("admincenter:domain", args=[name]))
    able = accounts_of(domain).filter(account_enabled=True)
    context = {
        "domain": domain,
        "refusal": refusal,
        "people": able.count(),
        "strangers": without_password(able).count(),
        "own": who.account.home.domain_name == name,
    }
    return render(request, "admincenter/domain_end.html", context)


@shown
def people(request: HttpRequest, who: Administrator, name: str) -> HttpResponseBase:
    domain = find_domain(who, name)
    context = {"domain": domain}
    return DOMAIN_PEOPLE.answer(request, people_of(domain), template="admincenter/domain_people.html", context=context)
