"""A field for several attachments, each checked by its content."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from support.attachments import ENDINGS, LARGEST, MOST_AT_ONCE, Accepted, Refused, accept


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Cleans to a list of `Accepted`."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Attachments"))
        kwargs.setdefault(
            "help_text", gettext_lazy("At most 5 files of 5 MB each: PDF, PNG, JPEG, Word, Excel or plain text.")
        )
        super().__init__(required=False, widget=FilesInput(attrs={"accept": ",".join(ENDINGS)}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Accepted]:
        files = [each for each in data or [] if isinstance(each, UploadedFile)] if isinstance(data, list) else []
        if len(files) > MOST_AT_ONCE:
            raise forms.ValidationError(_("At most %(most)s files can be attached at once.") % {"most": MOST_AT_ONCE})
        accepted, problems = [], []
        for file in files:
            try:
                accepted.append(accept(file.name or "", file.read(LARGEST + 1)))
            except Refused as refusal:
                problems.append(str(refusal))
        if problems:
            raise forms.ValidationError(problems)
        return accepted


class FormWithFiles(forms.Form):
    """A form with `attachments`. Browsers give no form its files back: shown again, it asks to choose them again."""

    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        if self.errors:
            self.ask_for_files_again()
        return values

    def ask_for_files_again(self) -> None:
        if self.files.getlist("attachments"):
            self.add_error("attachments", _("Choose the files again: they were not kept."))
