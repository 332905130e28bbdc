"""Fields that several forms share."""

from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, InvalidVersion, load_pem_x509_certificate
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


class CertificateField(forms.CharField):
    """One X.509 certificate, pasted as PEM and cleaned to the certificate."""

    widget = forms.Textarea({"rows": 8, "spellcheck": "false"})
    default_error_messages = {"unusable": _("This is not an X.509 certificate in PEM.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20_000, **kwargs)

    def clean(self, value: Any) -> Certificate | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = load_pem_x509_certificate(text.encode())
            found.public_key()  # of a kind that can be read
        except (ValueError, InvalidVersion, UnsupportedAlgorithm) as error:
            raise forms.ValidationError(self.error_messages["unusable"], "unusable") from error
        return found

    @staticmethod
    def pem(certificate: Certificate) -> str:
        """As it is stored: without what stood around it in the paste."""
        return certificate.public_bytes(Encoding.PEM).decode()
