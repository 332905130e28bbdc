"""How long a temporary access pass is good for."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

_LIFETIMES = {
    "60": _("1 hour"),
    "480": _("8 hours"),
    "1440": _("1 day"),
}


class PassForm(forms.Form):
    minutes = forms.ChoiceField(label=_("Valid for"), choices=list(_LIFETIMES.items()), initial="60")
    once = forms.BooleanField(label=_("Can be used once only"), required=False, initial=True)

    def lifetime(self) -> timedelta:
        return timedelta(minutes=int(self.cleaned_data["minutes"]))
