"""A named location."""

from ipaddress import ip_network
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entra.directory.models import Tenant
from entra.policy.models import NamedLocation


class LocationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    ranges = forms.CharField(
        label=_("IP ranges"),
        help_text=_("One a line, such as 192.0.2.0/24 or 2001:db8::/32."),
        widget=forms.Textarea({"rows": 4}),
    )
    is_trusted = forms.BooleanField(label=_("Trusted location"), required=False)

    def __init__(self, data: Any = None, *, tenant: Tenant, location: NamedLocation | None = None) -> None:
        initial = {}
        if location:
            ranges = "\n".join(location.cidr_ranges)
            initial = {"name": location.name, "ranges": ranges, "is_trusted": location.is_trusted}
        super().__init__(data, initial=initial)
        self.tenant, self.location = tenant, location

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        others = NamedLocation.objects.filter(tenant=self.tenant, name=name)
        if (others.exclude(pk=self.location.pk) if self.location else others).exists():
            raise forms.ValidationError(gettext("There is a location of this name already."))
        return name

    def clean_ranges(self) -> list[str]:
        found = []
        for line in self.cleaned_data["ranges"].split():
            try:
                found.append(str(ip_network(line)))
            except ValueError as error:
                raise forms.ValidationError(
                    gettext("“%(range)s” is not an IP range. The bits after the prefix have to be zero.")
                    % {"range": line[:60]}
                ) from error
        return found
