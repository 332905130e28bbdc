"""What is written on an alert."""

from django import forms
from django.utils.translation import gettext_lazy as _

from security.kinds import resolved_reasons

_LONGEST = 4000


class VersionForm(forms.Form):
    """Which state of the alert the person looked at."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ResolveForm(VersionForm):
    reason = forms.ChoiceField(label=_("Resolve as"), choices=resolved_reasons, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What was found out"), required=False, max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
