"""The tenant-wide switches."""

from django import forms
from django.utils.translation import gettext_lazy as _

from entra.directory.methods import REGISTRABLE, MethodKind
from entra.signin.labels import LABELS


class MethodsForm(forms.Form):
    """Recovery codes are not offered: they come with the first method and never stand alone."""

    own = forms.ChoiceField(
        label=_("Who decides"),
        choices=[
            ("", _("The default: every method, or under security defaults the authenticator app alone")),
            ("own", _("Your own choice:")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Methods that may be registered and used"),
        choices=[(kind.value, LABELS[kind].title) for kind in REGISTRABLE],
        required=False,
        help_text=_("With none, people can verify only at an own provider of your organization."),
        widget=forms.CheckboxSelectMultiple,
    )

    def chosen(self) -> frozenset[MethodKind] | None:
        """What is to be allowed; None for the default."""
        if not self.cleaned_data["own"]:
            return None
        kinds = frozenset(MethodKind(one) for one in self.cleaned_data["kinds"])
        return kinds | {MethodKind.RECOVERY_CODE} if kinds else kinds
