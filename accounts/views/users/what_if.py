"""What if: a sign-in of a person that has not happened, the rules weighed for it, and the pages it would open."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import Area, access_rule
from accounts.matrix import live_areas
from accounts.oidc.graph import graph_for
from accounts.users.detail import find_person, holding_of, if_allowed
from accounts.users.forecast import Circumstances, Forecast, forecast_of
from accounts.users.what_if import prospect_of
from accounts.views.users.trouble import over_the_directory
from accounts.views.users.viewer import viewer_of
from msgraph.client import GraphClient, GraphRefused

_ELSEWHERE = "application"
_CLIENTS = [
    ("browser", _("A browser")),
    ("mobileAppsAndDesktopClients", _("An app that can show a page to verify")),
    ("exchangeActiveSync", _("Exchange ActiveSync, which cannot")),
    ("other", _("Another client with legacy authentication, which cannot")),
]


class WhatIfForm(forms.Form):
    page = forms.ChoiceField(label=_("Page"))
    application = forms.UUIDField(
        label=_("Application ID"),
        required=False,
        help_text=_("For another application: its client ID in the directory."),
        error_messages={"invalid": _("Enter the application's ID, such as 10000000-0000-4000-8000-000000000001.")},
    )
    ip = forms.GenericIPAddressField(
        label=_("Network"),
        required=False,
        help_text=_("An IP address. Left empty, it is in no named location."),
        error_messages={"invalid": _("Enter an IP address, such as 203.0.113.9 or 2001:db8::1.")},
    )
    known_place = forms.BooleanField(
        label=_("The person verified there before, with this browser and from this network"), required=False
    )
    client = forms.ChoiceField(label=_("Client"), choices=_CLIENTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {area.key: area for area in live_areas() if not area.public}
        page = self.fields["page"]
        assert isinstance(page, forms.ChoiceField)  # noqa: S101 - declared above
        page.choices = [*((key, area.name) for key, area in self.areas.items()), (_ELSEWHERE, _("Another application"))]

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        if asked.get("page") == _ELSEWHERE and not asked.get("application") and "application" not in self.errors:
            self.add_error("application", gettext("Enter the ID of the application."))
        return asked

    @property
    def area(self) -> Area | None:
        """The row of the matrix asked about; None for another application."""
        return self.areas.get(self.cleaned_data["page"])

    def circumstances(self) -> Circumstances:
        asked = self.cleaned_data
        application = settings.OIDC_RP_CLIENT_ID if self.area else str(asked["application"])
        return Circumstances(application, asked["ip"], asked["known_place"], asked["client"])


@access_rule("users")
@require_safe
@over_the_directory
def what_if(request: HttpRequest, user_id: UUID) -> HttpResponseBase:
    viewer, graph = viewer_of(request), graph_for(request)
    person = find_person(graph, user_id)
    form = WhatIfForm(request.GET if "page" in request.GET else None, initial={"client": "browser"})
    context: dict[str, object] = {"person": person, "form": form, "viewer": viewer}
    if form.is_valid():
        forecast = _forecast(graph, form, user_id) if viewer.reports else None
        context |= {"asked": not form.errors, "forecast": forecast, "area": form.area}
        if form.area is not None:
            context["prospect"] = prospect_of(
                tenant=viewer.tenant,
                person=person,
                roles=holding_of(graph, viewer.tenant, user_id).effective,
                area=form.area,
                expectation=forecast.expectation if forecast else None,
                now=timezone.now(),
            )
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "accounts/users/what_if.html", context, status=status)


def _forecast(graph: GraphClient, form: WhatIfForm, user_id: UUID) -> Forecast | None:
    """None where the directory does not weigh for this viewer. An application it does not know is said at the field."""
    try:
        return if_allowed(lambda: forecast_of(graph, user_id, form.circumstances()), {HTTPStatus.FORBIDDEN})
    except GraphRefused as refused:
        if refused.status != HTTPStatus.BAD_REQUEST or form.area is not None:
            raise
        form.add_error("application", gettext("The directory knows no application of this ID."))
        return None
