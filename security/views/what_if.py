"""What if somebody signed in: the same question as in user management, for those who look after security (M6)."""

from http import HTTPStatus

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import access_rule
from accounts.oidc.graph import graph_as_application
from accounts.users.detail import find_person
from accounts.users.person import Person
from accounts.users.what_if_form import WhatIfForm, foreseen, opened
from customers.http import PartnerRequest
from msgraph.client import GraphClient, GraphRefused
from security.trouble import read_as_application


class PersonWhatIfForm(WhatIfForm):
    field_order = ("person",)
    person = forms.CharField(
        label=_("Person"), max_length=255, help_text=_("The user name, such as ann@contoso.example, or the object ID.")
    )


@access_rule("security")
@require_safe
@read_as_application("Policy.Read.All", "User.Read.All")
def what_if(request: PartnerRequest) -> HttpResponse:
    form = PersonWhatIfForm(request.GET if "page" in request.GET else None, initial={"client": "browser"})
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        graph = graph_as_application(request.user.tenant_id)
        person = _person(graph, form)
        forecast = foreseen(graph, form, person) if person else None
        context |= {"person": person, "forecast": forecast, "area": form.area}
        if person is not None and form.area is not None:
            context["prospect"] = opened(graph, request.user.tenant, form.area, person, forecast)
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "security/what_if.html", context, status=status)


def _person(graph: GraphClient, form: PersonWhatIfForm) -> Person | None:
    """The person asked about; one that the directory does not know is said at the field."""
    try:
        return find_person(graph, form.cleaned_data["person"])
    except GraphRefused as refused:
        if refused.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}:
            raise
        form.add_error("person", gettext("Your directory knows nobody of this name or ID."))
        return None
