"""A postal address in one of the markets."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.markets import POSTAL_CODES, market_name, markets_by_name

PHONE = r"^\+?[0-9][0-9 ()./-]{4,28}$"
phone = RegexValidator(
    PHONE,
    gettext_lazy("Enter a telephone number: digits, spaces and + ( ) - . / only, for example +1 425 555 0100."),
)


class AddressForm(forms.Form):
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=markets_by_name)
    address_line1 = forms.CharField(label=gettext_lazy("Street address"), max_length=120)
    address_line2 = forms.CharField(label=gettext_lazy("Street address, second line"), max_length=120, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80)
    region = forms.CharField(label=gettext_lazy("State, province or prefecture"), max_length=80, required=False)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=20)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        country, code = values.get("country", ""), str(values.get("postal_code", "")).upper()
        if code and country in POSTAL_CODES:
            pattern, example = POSTAL_CODES[country]
            if not re.fullmatch(pattern, code):
                message = _("Postal codes in %(country)s look like %(example)s.")
                self.add_error("postal_code", message % {"country": market_name(country), "example": example})
            values["postal_code"] = code
        return values
