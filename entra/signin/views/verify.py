"""Verify your identity with one of the methods you registered."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from entra.directory.methods import MethodKind, TooManyGuesses, registered_methods, verify_code
from entra.directory.methods.security_keys import CeremonyRefused, finish_authentication, start_authentication
from entra.directory.models import User
from entra.signin.flows import advance, expected, prove
from entra.signin.forms import CodeForm, RecoveryCodeForm, SecurityKeyForm, refuse
from entra.signin.gather import Weighing
from entra.signin.labels import LABELS, labels
from entra.signin.method import Method
from entra.signin.models import Interaction
from entra.signin.network import client_ip
from entra.signin.sign_in_log import record_wrong_factor
from entra.signin.steps import Step
from entra.signin.views.pages import show, sign_in_page, too_many, wrong_code

_FORMS: dict[MethodKind, type[forms.Form]] = {
    MethodKind.SECURITY_KEY: SecurityKeyForm,
    MethodKind.RECOVERY_CODE: RecoveryCodeForm,
}
_CHALLENGE = "verification_challenge"


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_page
def verify(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    turn = expected(request, interaction, Step.VERIFY)
    if turn is None or turn[0].account is None:
        return advance(request, interaction)
    account = turn[0].account.home
    usable = _in_order(account, frozenset(MethodKind(method) for method in turn[1].methods))
    asked = request.POST.get("method") or request.GET.get("method") or usable[0]
    kind = MethodKind(asked) if asked in usable else usable[0]
    form = _FORMS.get(kind, CodeForm)(request.POST or None)
    if request.method == "POST" and form.is_valid() and _proven(request, interaction, turn[0], kind, form):
        return advance(request, interaction)
    context: dict[str, Any] = {"label": LABELS[kind], "form": form, "others": labels(frozenset(usable) - {kind})}
    if kind is MethodKind.SECURITY_KEY:
        context["ceremony"] = _new_challenge(interaction, account)
    return show(
        request, "signin/verify.html", interaction, Step.VERIFY, identity=account.user_principal_name, **context
    )


def _in_order(account: User, kinds: frozenset[MethodKind]) -> list[MethodKind]:
    """The kinds that would do, the one used last first."""
    used = sorted((m.last_used_at, m.kind) for m in registered_methods(account) if m.last_used_at and m.kind in kinds)
    latest = [used[-1][1]] if used else []
    return latest + [label.kind for label in labels(kinds) if label.kind not in latest]


def _proven(
    request: HttpRequest, interaction: Interaction, weighing: Weighing, kind: MethodKind, form: forms.Form
) -> bool:
    account = weighing.home
    if account is None:
        return False
    if kind is MethodKind.SECURITY_KEY:
        return _key_proven(request, interaction, weighing, account, form)
    try:
        right = verify_code(account=account, kind=kind, code=form.cleaned_data["code"], ip=client_ip(request))
    except TooManyGuesses as refusal:
        record_wrong_factor(request, interaction, weighing, Method(kind), locked=True)
        refuse(form, too_many(refusal))
        return False
    if not right:
        record_wrong_factor(request, interaction, weighing, Method(kind))
        refuse(form, wrong_code(kind), "code")
        return False
    prove(request, interaction, account=account, method=Method(kind))
    return True


def _key_proven(
    request: HttpRequest, interaction: Interaction, weighing: Weighing, account: User, form: forms.Form
) -> bool:
    challenge = interaction.state.get(_CHALLENGE) or ""
    _keep_challenge(interaction, "")  # good once, whatever the answer is worth
    try:
        proven = finish_authentication(account=account, challenge=challenge, answer=form.cleaned_data["answer"])
    except CeremonyRefused:
        record_wrong_factor(request, interaction, weighing, Method.SECURITY_KEY)
        refuse(form, _("The security key could not be checked. Try again."))
        return False
    prove(
        request,
        interaction,
        account=account,
        method=Method.SECURITY_KEY,
        user_verified=proven.user_verified,
        device_id=str(proven.key.pk),
    )
    return True


def _new_challenge(interaction: Interaction, account: User) -> str:
    ceremony = start_authentication(account=account)
    _keep_challenge(interaction, ceremony.challenge)
    return ceremony.options


def _keep_challenge(interaction: Interaction, challenge: str) -> None:
    interaction.state = {**interaction.state, _CHALLENGE: challenge}
    interaction.save(update_fields=["state"])
