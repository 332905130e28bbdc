"""An application's registration and what it proves itself by."""

import json
import re
from datetime import timedelta
from hashlib import sha256
from typing import Any
from unicodedata import category
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import InvalidVersion, load_der_x509_certificate
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entra.apps.models import Application
from entra.apps.permitted import api_name
from entra.apps.resources import resources
from entra.apps.scopes import Scope
from secretstore.local import on_loopback

_LARGEST = 64 * 1024
_MOST_ADDRESSES = 50
_ADDRESS = re.compile(
    r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?([/?][a-z0-9._~:/?@!$&'()*+,;=%\[\]-]*)?", re.A | re.I
)
_TURNING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\u061c]")


def usable_redirect(address: str) -> bool:
    """https, or http on the person's own machine; no fragment, no name and password (RFC 9700 4.1, RFC 8252 7.3).

    Of the characters of RFC 3986 alone: a header or a policy for the browser that names it holds nothing else.
    """
    if not _ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return port != 0 and (parts.scheme == "https" or on_loopback(address))


class RegistrationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("People see it when they are asked."))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            ("confidential", _("Confidential: runs on a server, and proves itself by a secret or a certificate")),
            ("public", _("Public: a desktop, mobile or device application, which cannot keep a secret")),
        ],
        initial="confidential",
        widget=forms.RadioSelect,
    )
    redirect_uris = forms.CharField(
        label=_("Redirect addresses"),
        required=False,
        max_length=20_000,
        help_text=_("One on each line, compared exactly. They start with https://, or http:// on localhost."),
        widget=forms.Textarea({"rows": 4, "spellcheck": "false"}),
    )
    multi_tenant = forms.BooleanField(label=_("People of other organizations may sign in to it"), required=False)
    require_pkce = forms.BooleanField(
        label=_("Proof key for code exchange (PKCE) is required"),
        required=False,
        initial=True,
        help_text=_("Switch it off only for an application that predates it."),
    )
    permissions = forms.MultipleChoiceField(
        label=_("Delegated permissions"),
        required=False,
        help_text=_("What it asks for in the name of who is signed in. Consent is asked for separately."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, application: Application | None = None) -> None:
        super().__init__(data, initial=_initial(application) if application else None)
        names = [Scope(api, name) for api in resources() for name in sorted(api.delegated)]
        choices = [(one.text, f"{api_name(one.resource.app_id)}: {one.permission}") for one in names]
        self.fields["permissions"].choices = choices  # type: ignore[attr-defined]
        self.application = application

    def clean_name(self) -> str:
        """People decide by it: it is seen, and does not turn the writing of what stands beside it (UTR 36)."""
        name = str(self.cleaned_data["name"])
        if _TURNING.search(name) or not any(category(letter)[0] in "LNPS" for letter in name):
            raise forms.ValidationError(gettext("The name holds characters that cannot be seen."))
        return name

    def clean_redirect_uris(self) -> list[str]:
        addresses = list(dict.fromkeys(line.strip() for line in self.cleaned_data["redirect_uris"].splitlines()))
        addresses = [address for address in addresses if address]
        if len(addresses) > _MOST_ADDRESSES:
            raise forms.ValidationError(gettext("There are too many addresses."))
        for address in addresses:
            if not usable_redirect(address):
                raise forms.ValidationError(
                    gettext("“%(address)s” is no address to send codes to.") % {"address": address}
                )
        return addresses

    def clean_kind(self) -> str:
        kind = str(self.cleaned_data["kind"])
        held = self.application and (self.application.secrets.exists() or self.application.certificates.exists())
        if kind == "public" and held:
            raise forms.ValidationError(gettext("Remove its secrets and certificates first."))
        return kind

    def facts(self) -> dict[str, Any]:
        """What `save_registration` takes."""
        facts = dict(self.cleaned_data)
        return facts | {"public": facts.pop("kind") == "public"}


def state_of(application: Application) -> str:
    """Stands for what the form shows of it: another text once anybody changed it."""
    return sha256(json.dumps(_initial(application), sort_keys=True).encode()).hexdigest()


def _initial(application: Application) -> dict[str, Any]:
    return {
        "name": application.name,
        "kind": "public" if application.public else "confidential",
        "redirect_uris": "\n".join(application.redirect_uris),
        "multi_tenant": application.multi_tenant,
        "require_pkce": application.require_pkce,
        "permissions": application.permissions,
    }


class SecretForm(forms.Form):
    description = forms.CharField(label=_("Description"), max_length=120, help_text=_("What uses it."))
    days = forms.ChoiceField(
        label=_("Valid for"),
        choices=[("90", _("3 months")), ("180", _("6 months")), ("365", _("1 year")), ("730", _("2 years"))],
        initial="180",
    )

    def lifetime(self) -> timedelta:
        return timedelta(days=int(self.cleaned_data["days"]))


class ClientCertificateForm(forms.Form):
    description = forms.CharField(label=_("Description"), max_length=120, help_text=_("What uses it."))
    file = forms.FileField(
        label=_("Certificate (.pem, .cer or .crt)"),
        help_text=_("The certificate alone: the private key stays where it is. RSA, 2048 bits or more."),
    )

    def clean_file(self) -> str:
        """The certificate as PEM; if it will do is the service's to say."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is None or file.size > _LARGEST:
            raise forms.ValidationError(gettext("The file is larger than 64 kB."))
        content = file.read()
        if b"PRIVATE KEY" in content:
            raise forms.ValidationError(gettext("The file holds a private key. Upload the certificate alone."))
        if content.lstrip().startswith(b"-----BEGIN"):
            return str(content, "ascii", "replace")
        try:
            return load_der_x509_certificate(content).public_bytes(Encoding.PEM).decode()
        except (ValueError, InvalidVersion) as error:
            raise forms.ValidationError(gettext("This is no certificate.")) from error
