"""A custom control: where the browser is sent, and by what its answers are known."""

from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import Certificate
from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entra.admincenter.forms.fields import CertificateField
from entra.directory.models import Tenant
from entra.policy.models import CustomControl
from secretstore.local import on_loopback

_SHORTEST_RSA_KEY = 2048


class ControlForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    url = forms.CharField(
        label=_("Address"),
        max_length=200,
        help_text=_("The third party's page. The browser is sent there with our signed request."),
        widget=forms.URLInput,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    issuer = forms.CharField(
        label=_("Issuer of its answers"),
        max_length=200,
        help_text=_("The “iss” of its signed answers, and the “aud” of our requests."),
    )
    certificate = CertificateField(
        label=_("Signing certificate (PEM)"),
        help_text=_(
            "Its answers are signed with the key of this certificate: RSA of 2048 bits or more, P-256 or P-384."
        ),
    )

    def __init__(self, data: Any = None, *, tenant: Tenant, control: CustomControl | None = None) -> None:
        names = ("name", "url", "issuer", "certificate")
        super().__init__(data, initial={name: getattr(control, name) for name in names} if control else None)
        self.tenant, self.control = tenant, control

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        others = CustomControl.objects.filter(tenant=self.tenant, name=name)
        if (others.exclude(pk=self.control.pk) if self.control else others).exists():
            raise forms.ValidationError(gettext("There is a custom control of this name already."))
        return name

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        parts = urlsplit(url)
        if parts.scheme.lower() != "https" and not on_loopback(url):
            raise forms.ValidationError(
                gettext("The address has to start with https://. Only this machine may do without.")
            )
        if parts.fragment or "@" in parts.netloc:
            raise forms.ValidationError(gettext("The address may hold neither a name and password nor a “#” part."))
        return url

    def clean_certificate(self) -> str:
        found: Certificate = self.cleaned_data["certificate"]
        key = found.public_key()
        strong_rsa = isinstance(key, RSAPublicKey) and key.key_size >= _SHORTEST_RSA_KEY
        if not strong_rsa and not (
            isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1 | SECP384R1)
        ):
            raise forms.ValidationError(
                gettext("The key of this certificate cannot sign answers that are accepted here.")
            )
        return CertificateField.pem(found)
