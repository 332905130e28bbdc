"""Hardware OATH tokens: import from the maker's file, and assignment."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entra.admincenter.forms.tokens import AssignForm, SeedFileForm
from entra.admincenter.guard import Administrator, form_page
from entra.directory.methods.hardware import UnusableSeedFile, assign_token, import_tokens
from entra.directory.models import HardwareToken
from entra.signin.flows import SeeOther

_SHOWN = 500


@form_page()
def tokens(request: HttpRequest, who: Administrator) -> HttpResponse:
    form = SeedFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = import_tokens(tenant=who.tenant, lines=form.cleaned_data["file"], actor=who.actor)
        except UnusableSeedFile as refusal:
            form.add_error("file", _("Nothing was imported: %(why)s") % {"why": refusal})
        else:
            said = ngettext("%(count)d token was imported.", "%(count)d tokens were imported.", made)
            messages.success(request, said % {"count": made})
            return SeeOther(reverse("admincenter:tokens"))
    found = HardwareToken.objects.filter(tenant=who.tenant).select_related("account").order_by("serial_number")
    context = {"form": form, "tokens": found[:_SHOWN], "total": found.count(), "most": _SHOWN}
    return render(request, "admincenter/tokens.html", context)


@form_page()
def assign(request: HttpRequest, who: Administrator, token_id: UUID) -> HttpResponse:
    """Only a token that nobody has activated; an activated one is its holder's, who can remove it."""
    waiting = HardwareToken.objects.filter(tenant=who.tenant, confirmed=False).select_related("account")
    token = get_object_or_404(waiting, pk=token_id)
    initial = {"account": token.account.user_principal_name if token.account else ""}
    form = AssignForm(request.POST or None, tenant=who.tenant, initial=initial)
    if request.method == "POST" and form.is_valid():
        account = form.cleaned_data["account"]
        if account is not None and account.home_account_id is not None:
            form.add_error("account", _("A guest verifies with a method of the home organization."))
        elif assign_token(token=token, account=account, actor=who.actor):
            messages.success(request, _("“%(name)s” was saved.") % {"name": token.serial_number})
            return SeeOther(reverse("admincenter:tokens"))
        else:
            form.add_error(None, _("The token was activated meanwhile."))
    return render(request, "admincenter/token.html", {"form": form, "token": token})
