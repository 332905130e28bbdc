"""Permissions of the APIs, to be chosen from."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entra.apps.models import AppRoleGrant
from entra.apps.permitted import api_name
from entra.apps.resources import Resource, find_resource, resources


class AppRolesForm(forms.Form):
    """Permissions that the application does not have yet, as `{API's id}/{permission}`."""

    permissions = forms.MultipleChoiceField(
        label=_("Permissions to grant"),
        help_text=_("The application uses them by itself, without anybody signed in and without MFA."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, held: Iterable[AppRoleGrant]) -> None:
        super().__init__(data)
        known = {f"{one.resource}/{one.permission}" for one in held}
        every = [(f"{api.app_id}/{name}", name, api) for api in resources() for name in sorted(api.application)]
        choices = [(key, f"{api_name(api.app_id)}: {name}") for key, name, api in every if key not in known]
        self.fields["permissions"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, tuple[Resource, list[str]]]:
        """What was chosen, by API."""
        found: dict[str, tuple[Resource, list[str]]] = {}
        for key in self.cleaned_data["permissions"]:
            app_id, _slash, name = key.partition("/")
            resource = find_resource(app_id)
            if resource is None:
                raise forms.ValidationError(gettext("There is no such API."))
            found.setdefault(app_id, (resource, []))[1].append(name)
        return found
