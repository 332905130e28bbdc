"""The fields of the sign-in pages. What a form means is decided by the view that reads it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entra.directory.methods.passwords import check_new_password
from entra.directory.models import User


class IdentifyForm(forms.Form):
    # Not an EmailField: its messages would tell well-formed unknown names from malformed ones for no gain.
    sign_in_name = forms.CharField(
        label=_("Email address"),
        max_length=320,
        widget=forms.EmailInput(
            attrs={"autocomplete": "username", "autofocus": True, "spellcheck": "false", "autocapitalize": "none"}
        ),
    )

    def clean_sign_in_name(self) -> str:
        return str(self.cleaned_data["sign_in_name"]).strip().lower()


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        help_text=_("Or the temporary access pass that your administrator gave you."),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        help_text=_("12 characters or more; a few words are easy to remember."),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        check_new_password(account=self.account, password=password)
        return password

    def clean(self) -> None:
        typed = self.cleaned_data
        if "password" in typed and "again" in typed and typed["password"] != typed["again"]:
            self.add_error("again", _("The two passwords are not the same."))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
        ),
    )


class RecoveryCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Recovery code"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "autocapitalize": "none"}
        ),
    )


class HardwareTokenForm(forms.Form):
    serial_number = forms.CharField(
        label=_("Serial number"),
        help_text=_("It is printed on the back of the token."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Code the token shows now"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )


class SecurityKeyForm(forms.Form):
    """Filled in by static/signin/webauthn.js with what the browser's authenticator answered."""

    answer = forms.CharField(max_length=20_000, widget=forms.HiddenInput, required=False)


class NewSecurityKeyForm(SecurityKeyForm):
    name = forms.CharField(
        label=_("Name this key"),
        help_text=_("So that you recognise it later."),
        max_length=60,
        initial=_("Security key"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ConsentForm(forms.Form):
    for_everybody = forms.BooleanField(
        label=_("Consent on behalf of your organization"),
        help_text=_("Nobody else there is asked for these permissions again."),
        required=False,
    )


def refuse(form: forms.Form, message: Any, field: str | None = None) -> None:
    """Put a reason found by the view onto the form."""
    form.add_error(field, message)
