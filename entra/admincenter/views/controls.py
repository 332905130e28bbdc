"""Custom controls: which there are, and that they never count."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from entra.admincenter.guard import Administrator, shown
from entra.policy.models import CustomControl


@shown
def controls(request: HttpRequest, who: Administrator) -> HttpResponse:
    found = CustomControl.objects.filter(tenant=who.tenant).order_by("name")
    return render(
        request,
        "admincenter/controls.html",
        {"controls": found.prefetch_related("conditionalaccesspolicy_set")},
    )
