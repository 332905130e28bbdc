"""A new password on "My security info": the first one after a temporary access pass, or another one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from entra.directory.methods.passwords import set_password
from entra.federation.services import federation_of
from entra.signin.flows import SeeOther
from entra.signin.forms import NewPasswordForm
from entra.signin.security_info import Need, Standing
from entra.signin.views.security_info import card, needs
from entra.signin.views.security_info_urls import address


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Need.CHANGE, back_to="password")
def password(request: HttpRequest, who: Standing) -> HttpResponse:
    """The old password is not asked for: both factors were proven within the last minutes (ASVS 6.2.3)."""
    if federation_of(who.account.user_principal_name):
        raise Http404
    if who.evidence.recovery:
        messages.error(request, _("Verify with a method other than a recovery code before you change your password."))
        return SeeOther(address("overview"))
    form = NewPasswordForm(request.POST or None, account=who.account)
    if request.method == "POST" and form.is_valid():
        set_password(account=who.account, password=form.cleaned_data["password"])
        messages.success(request, _("Your password was changed."))
        return SeeOther(address("overview"))
    return render(request, "signin/security_info_password.html", {**card(who), "form": form})
