"""Hardware tokens: the maker's seed file, and whose token it is."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entra.admincenter.forms.fields import PersonField
from entra.directory.methods.hardware import SeedLine, UnusableSeedFile, read_seed_file
from entra.directory.models import Tenant

_LARGEST = 1024 * 1024


class SeedFileForm(forms.Form):
    file = forms.FileField(
        label=_("Seed file (CSV)"),
        help_text=_("Columns: upn, serial number, secret key, time interval, manufacturer, model. At most 1 MB."),
    )

    def clean_file(self) -> list[SeedLine]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is None or file.size > _LARGEST:
            raise forms.ValidationError(gettext("The file is larger than 1 MB."))
        try:
            lines = read_seed_file(file.read().decode("utf-8-sig").splitlines())
        except UnicodeDecodeError as error:
            raise forms.ValidationError(gettext("The file is not text in UTF-8.")) from error
        except UnusableSeedFile as error:
            raise forms.ValidationError(gettext("Nothing was imported: %(why)s") % {"why": error}) from error
        if not lines:
            raise forms.ValidationError(gettext("The file lists no token."))
        return lines


class AssignForm(forms.Form):
    account = PersonField(
        label=_("Sign-in name"), required=False, max_length=320, help_text=_("Empty gives the token to nobody.")
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        assert isinstance(field, PersonField)  # noqa: S101 - declared above
        field.tenant = tenant
