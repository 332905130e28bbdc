"""App registrations: the tenant's own applications and what they prove themselves by (S1, S5)."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from entra.admincenter.application_lists import REGISTRATIONS
from entra.admincenter.applications import own_applications
from entra.admincenter.forms.registration import ClientCertificateForm, RegistrationForm, SecretForm, state_of
from entra.admincenter.guard import Administrator, Need, act, form_page, shown
from entra.apps.credentials import CredentialRefused, add_certificate, add_secret, remove_one_credential
from entra.apps.models import Application, ClientCertificate, ClientSecret
from entra.apps.registration import save_registration
from entra.oauth.revocation import set_application_enabled
from entra.signin.flows import SeeOther
from entra.signin.permissions import described


def _find(who: Administrator, client_id: UUID) -> Application:
    return get_object_or_404(own_applications(who.tenant), pk=client_id)


def _to(application: Application) -> HttpResponse:
    return SeeOther(reverse("admincenter:registration", args=[application.pk]))


@shown
def registrations(request: HttpRequest, who: Administrator) -> HttpResponseBase:
    context = {"may_change": who.may(Need.GLOBAL)}
    rows = own_applications(who.tenant)
    return REGISTRATIONS.answer(request, rows, template="admincenter/registrations.html", context=context)


@shown
def registration(request: HttpRequest, who: Administrator, client_id: UUID) -> HttpResponse:
    application = _find(who, client_id)
    context = {
        "application": application,
        "may_change": who.may(Need.GLOBAL),
        "permissions": list(zip(application.permissions, described(application.permissions), strict=True)),
        "secrets": application.secrets.order_by("expires_at", "pk"),
        "certificates": application.certificates.order_by("expires_at", "pk"),
        "now": timezone.now(),
        "consent_url": f"{settings.ENTRA_URL}{reverse('admincenter:consent', args=[application.pk])}",
    }
    return render(request, "admincenter/registration.html", context)


@form_page(need=Need.GLOBAL)
def new_registration(request: HttpRequest, who: Administrator) -> HttpResponse:
    return _write(request, who, None)


@form_page(need=Need.GLOBAL)
def edit_registration(request: HttpRequest, who: Administrator, client_id: UUID) -> HttpResponse:
    return _write(request, who, _find(who, client_id))


def _write(request: HttpRequest, who: Administrator, application: Application | None) -> HttpResponse:
    """What somebody else changed after the page was shown is not put back by it unseen."""
    form, sent = RegistrationForm(request.POST or None, application=application), request.method == "POST"
    state = state_of(application) if application else ""
    if sent and application and request.POST.get("state") != state:
        form.add_error(None, _("It was changed since this page was shown. Look at it; saving again replaces it."))
    elif sent and form.is_valid():
        saved = save_registration(tenant=who.tenant, application=application, actor=who.actor, **form.facts())
        messages.success(request, _("“%(name)s” was saved.") % {"name": saved.name})
        return _to(saved)
    state = state if sent else request.POST.get("state", state)  # a form that was held is as old as it was
    context = {"form": form, "application": application, "state": state}
    return render(request, "admincenter/registration_form.html", context)


@form_page(need=Need.GLOBAL)
def new_secret(request: HttpRequest, who: Administrator, client_id: UUID) -> HttpResponse:
    """The answer to the form is the only place where the secret is ever shown."""
    application = _find(who, client_id)
    form = SecretForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        description = form.cleaned_data["description"]
        try:
            secret, ends_at = add_secret(
                application=application, description=description, lifetime=form.lifetime(), actor=who.actor
            )
        except CredentialRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            context = {"application": application, "secret": secret, "ends_at": ends_at}
            return render(request, "admincenter/registration_secret.html", context)
    context = {"form": form, "application": application}
    return render(request, "admincenter/registration_credential.html", context)


@form_page(need=Need.GLOBAL)
def new_certificate(request: HttpRequest, who: Administrator, client_id: UUID) -> HttpResponse:
    application = _find(who, client_id)
    form = ClientCertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        pem, description = form.cleaned_data["file"], form.cleaned_data["description"]
        try:
            added = add_certificate(application=application, pem=pem, description=description, actor=who.actor)
        except CredentialRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("The certificate was added: %(name)s") % {"name": added.sha256.upper()})
            return _to(application)
    context = {"form": form, "application": application, "certificate": True}
    return render(request, "admincenter/registration_credential.html", context)


@form_page(need=Need.GLOBAL)
def remove_credential(
    request: HttpRequest, who: Administrator, client_id: UUID, kind: str, credential_id: int
) -> HttpResponse:
    application = _find(who, client_id)
    credential: ClientSecret | ClientCertificate
    if kind == "secrets":
        credential = get_object_or_404(ClientSecret, application=application, pk=credential_id)
    elif kind == "certificates":
        credential = get_object_or_404(ClientCertificate, application=application, pk=credential_id)
    else:
        raise Http404
    if request.method == "POST":
        remove_one_credential(credential=credential, actor=who.actor)
        messages.success(request, _("It was removed, and proves nothing from now on."))
        return _to(application)
    context = {"application": application, "credential": credential, "kind": kind}
    return render(request, "admincenter/registration_remove.html", context)


@act(need=Need.GLOBAL)
def set_state(request: HttpRequest, who: Administrator, client_id: UUID) -> HttpResponse:
    application = _find(who, client_id)
    on = request.POST.get("on") == "1"
    set_application_enabled(application=application, enabled=on, actor=who.actor)
    name = {"name": application.name}
    if on:
        messages.success(request, _("“%(name)s” can get tokens again.") % name)
    else:
        messages.success(request, _("“%(name)s” is disabled, and what it held has ended.") % name)
    return _to(application)
