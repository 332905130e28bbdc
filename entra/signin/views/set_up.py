"""The set-up page's form, whichever method is being set up and wherever: sign-in or "My security info"."""

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from entra.directory.methods import MethodKind, TooManyGuesses
from entra.directory.methods.security_keys import CeremonyRefused
from entra.directory.models import User
from entra.signin.enrolment import Bench, chosen_kind, finish_app, finish_key, finish_token
from entra.signin.forms import CodeForm, HardwareTokenForm, NewSecurityKeyForm, refuse
from entra.signin.views.pages import too_many, wrong_code

_FORMS: dict[MethodKind, type[forms.Form]] = {
    MethodKind.AUTHENTICATOR_APP: CodeForm,
    MethodKind.HARDWARE_TOKEN: HardwareTokenForm,
    MethodKind.SECURITY_KEY: NewSecurityKeyForm,
}


@dataclass(frozen=True)
class Finished:
    """A method that has just been registered by proving it."""

    kind: MethodKind
    user_verified: bool = False
    device_id: str = ""


class SetUpPage:
    def __init__(self, request: HttpRequest, bench: Bench, account: User, allowed: frozenset[MethodKind]) -> None:
        kind = chosen_kind(bench, account=account)
        self.kind = kind if kind in allowed else None
        self.bench, self.account = bench, account
        self.form: forms.Form = _FORMS[self.kind](request.POST or None) if self.kind else forms.Form()

    def finish(self) -> Finished | None:
        """Register the method if the answer proves it; otherwise the form says what was wrong."""
        if not self.form.is_valid():
            return None
        try:
            match self.kind:
                case MethodKind.AUTHENTICATOR_APP:
                    return self._app()
                case MethodKind.HARDWARE_TOKEN:
                    return self._token()
                case MethodKind.SECURITY_KEY:
                    return self._key()
        except TooManyGuesses as refusal:
            refuse(self.form, too_many(refusal))
        return None

    def _app(self) -> Finished | None:
        app = finish_app(self.bench, account=self.account, code=self.form.cleaned_data["code"])
        if app is None:
            refuse(self.form, wrong_code(MethodKind.AUTHENTICATOR_APP), "code")
            return None
        return Finished(MethodKind.AUTHENTICATOR_APP, device_id=str(app.pk))

    def _token(self) -> Finished | None:
        if finish_token(self.bench, account=self.account, **self.form.cleaned_data):
            return Finished(MethodKind.HARDWARE_TOKEN)
        refuse(self.form, _("That serial number and code don't belong together, or the token isn't meant for you."))
        return None

    def _key(self) -> Finished | None:
        data = self.form.cleaned_data
        try:
            proven = finish_key(self.bench, account=self.account, name=data["name"], answer=data["answer"])
        except CeremonyRefused:
            refuse(self.form, _("The security key could not be registered. Try again."))
            return None
        return Finished(MethodKind.SECURITY_KEY, proven.user_verified, str(proven.key.pk))
