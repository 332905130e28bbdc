"""What a what-if asks: which page or application, from where, and with what client; and the answer to it."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Area
from accounts.matrix import live_areas
from accounts.models import PartnerTenant
from accounts.users.detail import holding_of
from accounts.users.forecast import Circumstances, Forecast, forecast_of
from accounts.users.person import Person
from accounts.users.what_if import Prospect, prospect_of
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
        help_text=_("For another application, such as one that calls the API: its client ID in the directory."),
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


def foreseen(graph: GraphClient, form: WhatIfForm, person: Person) -> Forecast | None:
    """What the directory says to a valid form; None where it knows no such application, which is said at the field.

    Raises GraphUnavailable, GraphRefused.
    """
    try:
        return forecast_of(graph, person.id, form.circumstances())
    except GraphRefused as refused:
        if refused.status != HTTPStatus.BAD_REQUEST or form.area is not None:
            raise
        form.add_error("application", gettext("The directory knows no application of this ID."))
        return None


def opened(
    graph: GraphClient, tenant: PartnerTenant, area: Area, person: Person, forecast: Forecast | None
) -> Prospect:
    """What the access matrix says to that person about a page. Raises GraphUnavailable, GraphRefused."""
    return prospect_of(
        tenant=tenant,
        person=person,
        roles=holding_of(graph, tenant, person.id).effective,
        area=area,
        expectation=forecast.expectation if forecast else None,
        now=timezone.now(),
    )
