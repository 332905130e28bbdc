"""Inviting a guest, and a temporary access pass for a first registration."""

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import access_rule
from accounts.oidc.graph import graph_for
from accounts.users.access import invite_guest, issue_pass
from accounts.users.detail import find_person
from accounts.users.reasons import asks_for_sign_in, reason_of
from accounts.views.users.trouble import over_the_directory
from accounts.views.users.viewer import viewer_of
from msgraph.client import GraphRefused

_LIFETIMES = [(60, _("1 hour")), (240, _("4 hours")), (480, _("8 hours")), (1440, _("1 day"))]


class InviteForm(forms.Form):
    address = forms.EmailField(label=_("Email"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)


class PassForm(forms.Form):
    minutes = forms.TypedChoiceField(label=_("Valid for"), choices=_LIFETIMES, coerce=int, initial=60)
    once = forms.BooleanField(label=_("Can be used once only"), required=False, initial=True)


@access_rule("users")
@require_http_methods(["GET", "HEAD", "POST"])
@over_the_directory
def invite(request: HttpRequest) -> HttpResponseBase:
    viewer, graph = viewer_of(request), graph_for(request)
    if not viewer.everything:
        raise Http404
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address, name = form.cleaned_data["address"], form.cleaned_data["name"]
        try:
            invited = invite_guest(graph=graph, tenant=viewer.tenant, actor=viewer.actor, address=address, name=name)
        except GraphRefused as refused:
            if refused.status != HTTPStatus.BAD_REQUEST or asks_for_sign_in(refused):
                raise
            form.add_error("address", str(reason_of(refused.code, refused.message)))
        else:
            messages.success(request, gettext("%(address)s was invited.") % {"address": address})
            return HttpResponseRedirect(reverse("users:detail", args=[invited]))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/users/invite.html", {"form": form}, status=status)


@access_rule("users")
@require_http_methods(["GET", "HEAD", "POST"])
@over_the_directory
def temporary_pass(request: HttpRequest, user_id: UUID) -> HttpResponseBase:
    """Make a pass and show it in this one answer; it is stored nowhere here, and no page can show it again."""
    viewer, graph = viewer_of(request), graph_for(request)
    if not viewer.everything:
        raise Http404
    person = find_person(graph, user_id)
    form = PassForm(request.POST or None)
    context: dict[str, object] = {"person": person, "form": form}
    if request.method == "POST" and form.is_valid():
        minutes, once = form.cleaned_data["minutes"], form.cleaned_data["once"]
        context["text"] = issue_pass(
            graph=graph, tenant=viewer.tenant, actor=viewer.actor, person=person, minutes=minutes, once=once
        )
        context |= {"minutes": minutes, "once": once}
        return render(request, "accounts/users/pass_shown.html", context)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "accounts/users/pass.html", context, status=status)
