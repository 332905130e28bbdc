"""The questions of the what-if page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entra.admincenter.applications import applications_of
from entra.admincenter.forms.fields import PersonField
from entra.apps.models import Application
from entra.directory.models import Tenant


class WhatIfForm(forms.Form):
    user = PersonField(label=_("Person"), max_length=320, help_text=_("The sign-in name."))
    application = forms.ModelChoiceField(
        label=_("Application"), queryset=Application.objects.none(), empty_label=_("Choose an application")
    )
    ip = forms.GenericIPAddressField(
        label=_("Network"), required=False, help_text=_("An IP address. Left empty, it is in no named location.")
    )
    known_place = forms.BooleanField(
        label=_("The person verified there before, with this browser and from this network"), required=False
    )
    legacy = forms.BooleanField(label=_("Legacy authentication, which cannot show a page to verify"), required=False)

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person, application = self.fields["user"], self.fields["application"]
        assert isinstance(person, PersonField)  # noqa: S101 - declared above
        assert isinstance(application, forms.ModelChoiceField)  # noqa: S101 - declared above
        person.tenant, application.queryset = tenant, applications_of(tenant)
