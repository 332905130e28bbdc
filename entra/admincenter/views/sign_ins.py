"""The sign-in log: the list, and each sign-in with every rule that was weighed."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from entra.admincenter import words
from entra.admincenter.guard import Administrator, shown
from entra.admincenter.lists import SIGN_INS
from entra.policy.models import ConditionalAccessPolicy
from entra.signin.browsers import browser_name
from entra.signin.models import SignIn


@shown
def sign_ins(request: HttpRequest, who: Administrator) -> HttpResponseBase:
    rows = SignIn.objects.filter(tenant=who.tenant).select_related("account")
    return SIGN_INS.answer(request, rows, template="admincenter/sign_ins.html")


@shown
def sign_in(request: HttpRequest, who: Administrator, sign_in_id: UUID) -> HttpResponse:
    row = get_object_or_404(SignIn.objects.select_related("account"), tenant=who.tenant, pk=sign_in_id)
    known = ConditionalAccessPolicy.objects.filter(tenant=who.tenant).values_list("pk", flat=True)
    context = {
        "row": row,
        "result": words.SIGN_IN_RESULTS[row.result],
        "result_badge": words.SIGN_IN_BADGES[row.result],
        "policies": words.POLICY_STATUSES[row.policy_status],
        "protocol": words.PROTOCOLS[row.protocol],
        "error": words.error(row.error_code),
        "browser": browser_name(row.user_agent),
        "proofs": [(words.used(one["method"]), one, row.at - timedelta(seconds=one["age"])) for one in row.proofs],
        "rulings": words.logged_rulings(row.weighed, {str(pk) for pk in known}),
    }
    return render(request, "admincenter/sign_in.html", context)
