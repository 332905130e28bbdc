"""What a partner's profiles may hold. The address is checked as a customer's is."""

import re

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from customers.forms.address import AddressForm, phone

_culture = RegexValidator(r"^[a-z]{2,3}-[A-Z]{2}$", _("Enter a culture such as en-US."))
_website = RegexValidator(
    re.compile(r"^(https?://)?([a-z0-9-]+\.)+[a-z0-9-]{2,63}(:\d+)?(/\S*)?$", re.IGNORECASE),
    _("Enter the address of a website, for example www.contoso.example."),
)


class OrganizationForm(AddressForm):
    company_name = forms.CharField(max_length=200)
    email = forms.EmailField(required=False)
    first_name = forms.CharField(max_length=60)
    last_name = forms.CharField(max_length=60)
    phone_number = forms.CharField(max_length=30, required=False, validators=[phone])
    language = forms.RegexField(r"^[a-z]{2,3}$", error_messages={"invalid": _("Enter a language such as en.")})
    culture = forms.CharField(max_length=10, validators=[_culture])


class BillingForm(AddressForm):
    company_name = forms.CharField(max_length=200)
    first_name = forms.CharField(max_length=60)
    last_name = forms.CharField(max_length=60)
    email = forms.EmailField(required=False)
    phone_number = forms.CharField(max_length=30, required=False, validators=[phone])
    purchase_order_number = forms.CharField(max_length=40, required=False)
    tax_id = forms.CharField(max_length=40, required=False)
    billing_currency = forms.RegexField(
        r"^[A-Z]{3}$", error_messages={"invalid": _("Enter a currency of three letters, such as USD.")}
    )


class SupportForm(forms.Form):
    email = forms.EmailField()
    phone_number = forms.CharField(max_length=30, validators=[phone])
    website = forms.CharField(max_length=200, required=False, validators=[_website])
