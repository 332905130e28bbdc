"""What if: what a person would meet at an application from a network, and every rule that was weighed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from entra.admincenter import words
from entra.admincenter.forms.what_if import WhatIfForm
from entra.admincenter.guard import Administrator, shown
from entra.signin.foresight import what_if


@shown
def what_if_page(request: HttpRequest, who: Administrator) -> HttpResponse:
    form = WhatIfForm(request.GET if "user" in request.GET else None, tenant=who.tenant)
    context = {"form": form, **(_answer(form) if form.is_valid() else {})}
    return render(request, "admincenter/what_if.html", context)


def _answer(form: WhatIfForm) -> dict[str, object]:
    asked = form.cleaned_data
    found = what_if(
        account=asked["user"],
        client_id=str(asked["application"].pk),
        ip=asked["ip"],
        known_place=asked["known_place"],
        legacy=asked["legacy"],
    )
    return {
        "outcome": words.OUTCOMES[found.foreseen.outcome],
        "outcome_badge": words.OUTCOME_BADGES[found.foreseen.outcome],
        "sentence": words.foreseen(found.foreseen),
        "register_by": found.verdict.register_by,
        "disabled": not (asked["user"].account_enabled and asked["user"].home.account_enabled),
        "rulings": words.rulings(found.verdict),
    }
