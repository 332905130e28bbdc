"""Fields that several forms share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entra.admincenter.people import find_person
from entra.directory.models import Tenant, User


class PersonField(forms.CharField):
    """A sign-in name of the tenant, cleaned to the account. Set `tenant` when the form is made."""

    tenant: Tenant
    default_error_messages = {"unknown": _("Nobody in your organization has this sign-in name.")}

    def clean(self, value: Any) -> User | None:
        name = super().clean(value)
        if not name:
            return None
        account = find_person(self.tenant, name)
        if account is None:
            raise forms.ValidationError(self.error_messages["unknown"], "unknown")
        return account
