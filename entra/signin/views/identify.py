"""Enter your email, or pick the account that is signed in already."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from entra.signin.flows import SeeOther, advance, choose_account, use_another_account
from entra.signin.forms import IdentifyForm, refuse
from entra.signin.gather import sign_in_request
from entra.signin.home_realm import step_for
from entra.signin.models import Interaction
from entra.signin.session import signed_in_account
from entra.signin.steps import Step
from entra.signin.typed_name import remember_name
from entra.signin.views.pages import show, sign_in_page


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_page
def identify(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    form = IdentifyForm(request.POST or None, initial={"sign_in_name": sign_in_request(interaction).login_hint})
    if request.method == "POST" and form.is_valid():
        response = take_name(request, interaction, form.cleaned_data["sign_in_name"])
        if response is not None:
            return response
        refuse(form, _("No organization here uses that domain. Check the address."), "sign_in_name")
    return show(request, "signin/identify.html", interaction, Step.IDENTIFY, form=form)


def take_name(request: HttpRequest, interaction: Interaction, name: str) -> HttpResponse | None:
    """Go where the name's home realm signs people in; None when no tenant owns its domain."""
    step = step_for(name)
    if step is None:
        return None
    signed_in = signed_in_account(request)
    if signed_in is not None and signed_in.user_principal_name == name:
        choose_account(interaction, signed_in)
        return advance(request, interaction)
    use_another_account(interaction)
    remember_name(interaction, name)
    return SeeOther(reverse(f"signin:{step}", args=[interaction.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_page
def select(request: HttpRequest, interaction: Interaction) -> HttpResponse:
    account = signed_in_account(request)
    if account is None:
        return SeeOther(reverse("signin:identify", args=[interaction.pk]))
    if request.method == "POST":
        if request.POST.get("account") == str(account.pk):
            choose_account(interaction, account)
            return advance(request, interaction)
        use_another_account(interaction)
        return SeeOther(reverse("signin:identify", args=[interaction.pk]))
    return show(request, "signin/select.html", interaction, Step.SELECT, account=account)
