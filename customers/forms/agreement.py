"""Confirming that somebody at a customer accepted an agreement."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.agreements import TEMPLATES
from customers.forms.address import phone
from customers.models.agreement import agreement_types


class AgreementForm(forms.Form):
    first_name = forms.CharField(max_length=60)
    last_name = forms.CharField(max_length=60)
    email = forms.EmailField()
    phone_number = forms.CharField(max_length=30, required=False, validators=[phone])
    type = forms.ChoiceField(
        choices=agreement_types,
        error_messages={"invalid_choice": gettext_lazy("None of the agreements has this type.")},
    )
    template_id = forms.UUIDField()
    date_agreed = forms.DateTimeField(
        error_messages={"invalid": gettext_lazy("Enter a date and time such as 2026-11-24T00:00:00Z.")}
    )

    def clean_date_agreed(self) -> datetime:
        agreed: datetime = self.cleaned_data["date_agreed"]
        if agreed > timezone.now():
            raise forms.ValidationError(_("The date is in the future."))
        return agreed

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        named = {"type", "template_id"} <= values.keys()
        if named and all((each.id, each.type) != (values["template_id"], values["type"]) for each in TEMPLATES):
            self.add_error("template_id", _("The template belongs to another agreement."))
        return values
