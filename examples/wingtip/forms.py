from django import forms
from django.utils.translation import gettext_lazy as _

from examples.wingtip.switches import Relay, Verify


class PasswordForm(forms.Form):
    name = forms.CharField(
        label=_("Wingtip account"), max_length=320, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SwitchesForm(forms.Form):
    verify = forms.ChoiceField(
        label=_("Ask people for a one-time code"),
        choices=[
            (Verify.ALWAYS.value, _("At every sign-in")),
            (Verify.WHEN_ASKED.value, _("Only when the request asks for it")),
            (Verify.NEVER.value, _("Never")),
        ],
        widget=forms.RadioSelect,
    )
    relay = forms.ChoiceField(
        label=_("Pass on that MFA was done"),
        choices=[
            (Relay.CLASS_REF.value, _("As the authentication context class")),
            (Relay.ATTRIBUTE.value, _("As an attribute, full spelling")),
            (Relay.SHORT_ATTRIBUTE.value, _("As an attribute, short spelling")),
            (Relay.NOT.value, _("Not at all")),
        ],
        widget=forms.RadioSelect,
    )
