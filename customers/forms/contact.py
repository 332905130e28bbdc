"""A contact at a customer."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.forms.address import phone
from customers.models import Contact, Customer


class ContactForm(forms.Form):
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=60)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=60)
    job_title = forms.CharField(label=gettext_lazy("Job title"), max_length=80, required=False)
    email = forms.EmailField(label=gettext_lazy("Email"))
    phone_number = forms.CharField(label=gettext_lazy("Telephone"), max_length=30, required=False, validators=[phone])
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, customer: Customer, contact: Contact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        self.contact = contact
        if contact is None:
            del self.fields["version"]

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        others = Contact.objects.filter(customer=self.customer, email__iexact=email)
        if self.contact is not None:
            others = others.exclude(pk=self.contact.pk)
        if (other := others.first()) is not None:
            raise forms.ValidationError(_("%(name)s already has this email address.") % {"name": other})
        return email
