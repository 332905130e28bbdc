"""`/devicelogin`: a person types the code that a device shows, and confirms which application it is (RFC 8628, 3.3)."""

import msgspec
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from entra.apps.services import find_application
from entra.directory.methods import TooManyGuesses
from entra.oauth.devices import find_by_user_code
from entra.oauth.errors import correlation_id
from entra.oauth.models import DeviceCode
from entra.signin.flows import SeeOther, advance, cancel, confirm_device, draft_interaction, load_interaction
from entra.signin.forms import refuse
from entra.signin.gather import sign_in_request
from entra.signin.network import client_ip
from entra.signin.request import SignInRequest
from entra.signin.steps import Step
from entra.signin.views.pages import too_many


class UserCodeForm(forms.Form):
    user_code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("The code that your device shows."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def device_login(request: HttpRequest) -> HttpResponse:
    """Take the code. Guesses are counted: a right one opens somebody else's sign-in."""
    form = UserCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = _waiting(request, form)
        if device is not None:
            return _begin(request, device)
    return render(request, "oauth/device_login.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def device_confirm(request: HttpRequest, interaction_id: str) -> HttpResponse:
    """Name the application and where the device is. Whoever was sent a code by a stranger can stop here (5.4)."""
    interaction = load_interaction(request, interaction_id)
    device = DeviceCode.objects.filter(pk=sign_in_request(interaction).device).first()
    if device is None:
        return SeeOther(reverse("oauth:device-login"))
    if request.method == "POST":
        if request.POST.get("answer") == "continue":
            confirm_device(interaction)
        else:
            cancel(interaction, Step.IDENTIFY)
        return advance(request, interaction)
    context = {"application": find_application(str(interaction.client_id)), "device": device}
    return render(request, "oauth/device_confirm.html", context)


def _waiting(request: HttpRequest, form: UserCodeForm) -> DeviceCode | None:
    try:
        device = find_by_user_code(form.cleaned_data["user_code"], ip=client_ip(request))
    except TooManyGuesses as refusal:
        refuse(form, too_many(refusal))
        return None
    if device is None or not device.application.enabled:
        refuse(form, _("That code isn't right, or it has expired. Ask the device for a new one."), "user_code")
        return None
    return device


def _begin(request: HttpRequest, device: DeviceCode) -> HttpResponse:
    asked = msgspec.structs.replace(msgspec.convert(device.request, SignInRequest), device=device.pk)
    interaction = draft_interaction(request, asked=asked, tenant=device.tenant, correlation_id=correlation_id(request))
    interaction.save()
    return SeeOther(reverse("oauth:device-confirm", args=[interaction.pk]))
