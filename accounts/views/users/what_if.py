"""What if: a sign-in of a person that has not happened, the rules weighed for it, and the pages it would open."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from accounts.oidc.graph import graph_for
from accounts.users.detail import find_person, if_allowed
from accounts.users.what_if_form import WhatIfForm, foreseen, opened
from accounts.views.users.trouble import over_the_directory
from accounts.views.users.viewer import viewer_of


@access_rule("users")
@require_safe
@over_the_directory
def what_if(request: HttpRequest, user_id: UUID) -> HttpResponseBase:
    viewer, graph = viewer_of(request), graph_for(request)
    person = find_person(graph, user_id)
    form = WhatIfForm(request.GET if "page" in request.GET else None, initial={"client": "browser"})
    context: dict[str, object] = {"person": person, "form": form, "viewer": viewer}
    if form.is_valid():
        forecast = None
        if viewer.reports:  # the directory may keep its policies back all the same
            forecast = if_allowed(lambda: foreseen(graph, form, person), {HTTPStatus.FORBIDDEN})
        context |= {"asked": not form.errors, "forecast": forecast, "area": form.area}
        if form.area is not None:
            context["prospect"] = opened(graph, viewer.tenant, form.area, person, forecast)
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "accounts/users/what_if.html", context, status=status)
