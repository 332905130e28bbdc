"""Hardware OATH tokens: import from the maker's file, assignment, and taking one back from its holder."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entra.admincenter.forms.tokens import AssignForm, SeedFileForm
from entra.admincenter.guard import Administrator, Need, form_page
from entra.admincenter.lists import TOKENS, tokens_of
from entra.admincenter.refusals import would_lock_out
from entra.directory.methods import remove_method
from entra.directory.methods.hardware import UnusableSeedFile, assign_token, import_tokens, remove_token
from entra.directory.models import HardwareToken
from entra.signin.flows import SeeOther
from entra.signin.lockout import WouldLockOut, keeps_an_administrator


def _find(who: Administrator, token_id: UUID) -> HardwareToken:
    return get_object_or_404(tokens_of(who.tenant), pk=token_id)


def _to_list() -> HttpResponse:
    return SeeOther(reverse("admincenter:tokens"))


@form_page()
def tokens(request: HttpRequest, who: Administrator) -> HttpResponseBase:
    form = SeedFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = import_tokens(tenant=who.tenant, lines=form.cleaned_data["file"], actor=who.actor)
        except UnusableSeedFile as refusal:
            form.add_error("file", _("Nothing was imported: %(why)s") % {"why": refusal})
        else:
            said = ngettext("%(count)d token was imported.", "%(count)d tokens were imported.", made)
            messages.success(request, said % {"count": made})
            return _to_list()
    return TOKENS.answer(request, tokens_of(who.tenant), template="admincenter/tokens.html", context={"form": form})


@form_page()
def token_page(request: HttpRequest, who: Administrator, token_id: UUID) -> HttpResponse:
    """Whose token it is. Only one that nobody has activated can be assigned; another is taken back first."""
    token = _find(who, token_id)
    if token.confirmed:
        if request.method == "POST":
            raise Http404
        return render(request, "admincenter/token.html", {"token": token, "may_take_back": who.may(Need.GLOBAL)})
    initial = {"account": token.account.user_principal_name if token.account else ""}
    form = AssignForm(request.POST or None, tenant=who.tenant, initial=initial)
    if request.method == "POST" and form.is_valid():
        account = form.cleaned_data["account"]
        if account is not None and account.home_account_id is not None:
            form.add_error("account", _("A guest verifies with a method of the home organization."))
        else:
            try:
                with keeps_an_administrator(who.tenant):
                    assigned = assign_token(token=token, account=account, actor=who.actor)
            except WouldLockOut:
                form.add_error(None, would_lock_out())
            else:
                if assigned:
                    messages.success(request, _("“%(name)s” was saved.") % {"name": token.serial_number})
                    return _to_list()
                form.add_error(None, _("The token was activated meanwhile."))
    return render(request, "admincenter/token.html", {"form": form, "token": token})


@form_page(need=Need.GLOBAL)
def take_back(request: HttpRequest, who: Administrator, token_id: UUID) -> HttpResponse:
    """As over the directory API it takes a Global administrator to take somebody's method away."""
    token = _find(who, token_id)
    if not token.confirmed or token.account is None:
        raise Http404
    if request.method == "POST":
        try:
            with keeps_an_administrator(who.tenant):
                if remove_method(account=token.account, method_id=str(token.pk), actor=who.actor) is None:
                    raise Http404  # the holder was quicker
        except WouldLockOut:
            messages.error(request, would_lock_out())
            return SeeOther(reverse("admincenter:token", args=[token.pk]))
        holder = {"name": token.serial_number, "holder": token.account.user_principal_name}
        messages.success(request, _("“%(name)s” was taken back from %(holder)s.") % holder)
        return SeeOther(reverse("admincenter:token", args=[token.pk]))
    return render(request, "admincenter/token_take_back.html", {"token": token})


@form_page()
def remove(request: HttpRequest, who: Administrator, token_id: UUID) -> HttpResponse:
    token = _find(who, token_id)
    if token.confirmed:
        raise Http404
    if request.method == "POST":
        try:
            with keeps_an_administrator(who.tenant):
                removed = remove_token(token=token, actor=who.actor)
        except WouldLockOut:
            messages.error(request, would_lock_out())
        else:
            if removed:
                messages.success(request, _("“%(name)s” was deleted.") % {"name": token.serial_number})
            else:
                messages.error(request, _("The token was activated meanwhile."))
        return _to_list()
    return render(request, "admincenter/token_remove.html", {"token": token})
