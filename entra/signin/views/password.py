"""Enter password. Known and unknown names get the same page, the same message and the same time (ASVS 6.3.8)."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from entra.directory.methods import TooManyGuesses, verify_password
from entra.directory.services import find_home_account
from entra.federation.services import federation_of
from entra.signin.flows import advance, choose_account, expected, prove
from entra.signin.forms import PasswordForm, refuse
from entra.signin.method import Method
from entra.signin.models import Interaction
from entra.signin.network import client_ip
from entra.signin.sign_in_log import record_disabled, record_wrong_password
from entra.signin.steps import Step
from entra.signin.typed_name import typed_name
from entra.signin.views.pages import show, sign_in_page, too_many


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_page
def password(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    name = _name(request, interaction)
    # A federated domain has no password here, not even one left over from before it was federated.
    if not name or federation_of(name):
        return advance(request, interaction)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _signed_in(request, interaction, form, name):
        return advance(request, interaction)
    back = reverse("signin:identify", args=[interaction.pk])
    return show(request, "signin/password.html", interaction, Step.PASSWORD, identity=name, back_url=back, form=form)


def _name(request: HttpRequest, interaction: Interaction) -> str:
    """The name whose password is asked for: the one typed, else the account that `decide` wants a password of."""
    typed = typed_name(interaction)
    if typed:
        return typed
    turn = expected(request, interaction, Step.PASSWORD)
    return turn[0].account.home.user_principal_name if turn and turn[0].account else ""


def _signed_in(request: HttpRequest, interaction: Interaction, form: PasswordForm, name: str) -> bool:
    account = find_home_account(name)
    try:
        factor = verify_password(
            account=account, sign_in_name=name, password=form.cleaned_data["password"], ip=client_ip(request)
        )
    except TooManyGuesses as refusal:
        record_wrong_password(request, interaction, name, locked=True)
        refuse(form, too_many(refusal))
        return False
    if account is None or factor is None:
        record_wrong_password(request, interaction, name)
        refuse(form, _("Your account or password is incorrect."), "password")
        return False
    if not account.account_enabled:
        # Said only to someone who knows the password (AADSTS50057).
        record_disabled(request, interaction, account)
        refuse(form, _("Your account is disabled. Contact your administrator. (AADSTS50057)"))
        return False
    with transaction.atomic():
        choose_account(interaction, account)
        prove(request, interaction, account=account, method=Method(factor))
    return True
