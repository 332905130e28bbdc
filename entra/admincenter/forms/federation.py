"""What an administrator says of a federated provider."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entra.admincenter.forms.fields import CertificateField
from entra.federation.errors import AnswerRefused
from entra.federation.models import MfaBehavior
from entra.federation.saml.metadata import ProviderDescription, read_provider
from entra.federation.saml.parsing import MAX_BYTES

BEHAVIORS: dict[str, Promise] = {
    MfaBehavior.ACCEPT: _("Accept its proof; without one, ask for a method registered here"),
    MfaBehavior.ENFORCE: _("Accept its proof; without one, send the person back for it once"),
    MfaBehavior.REJECT: _("Always ask for a method registered here"),
}
_LONGEST_ISSUER, _LONGEST_ADDRESS = 300, 200


class BehaviorForm(forms.Form):
    behavior = forms.ChoiceField(
        label=_("What is believed of its MFA"), choices=list(BEHAVIORS.items()), widget=forms.RadioSelect
    )


class MetadataForm(forms.Form):
    file = forms.FileField(
        label=_("SAML metadata (XML)"),
        help_text=_("The provider's own file: its entity ID, sign-on address and signing certificates are read."),
    )

    def clean_file(self) -> ProviderDescription:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is None or file.size > MAX_BYTES:
            raise forms.ValidationError(gettext("The file is too large."))
        try:
            found = read_provider(file.read())
            URLValidator(schemes=["http", "https"])(found.sign_in_uri)
        except (AnswerRefused, ValueError, ValidationError) as error:
            raise forms.ValidationError(
                gettext("This is not the metadata of a SAML 2.0 identity provider that signs people in by redirect.")
            ) from error
        if len(found.issuer_uri) > _LONGEST_ISSUER or len(found.sign_in_uri) > _LONGEST_ADDRESS:
            raise forms.ValidationError(gettext("Its entity ID or sign-on address is too long."))
        return found


class NextCertificateForm(forms.Form):
    certificate = CertificateField(
        label=_("Next signing certificate (PEM)"),
        help_text=_("It is trusted beside the current one until you promote it."),
    )

    def clean_certificate(self) -> str:
        return CertificateField.pem(self.cleaned_data["certificate"])
