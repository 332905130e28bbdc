"""Enterprise applications: what applications may do in the organization, and by whose word (S2, S12)."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entra.admincenter.application_lists import CONSENTS, ENTERPRISE, application_url, consents_of
from entra.admincenter.applications import consentable, ends_at, enterprise_applications
from entra.admincenter.forms.permissions import AppRolesForm
from entra.admincenter.guard import Administrator, Need, form_page, shown
from entra.apps.administration import grant_app_roles, revoke_app_roles
from entra.apps.consents import WITH_SIGN_IN, may_consent_for_everybody, record_consent
from entra.apps.models import Application, AppRoleGrant, ConsentGrant
from entra.apps.permitted import api_name
from entra.apps.resources import find_resource
from entra.oauth.revocation import revoke_application, revoke_consent, revoke_everybodys_consent
from entra.signin.flows import SeeOther
from entra.signin.permissions import described


def _find(who: Administrator, client_id: UUID, **facts: bool) -> Application:
    return get_object_or_404(enterprise_applications(who.tenant), pk=client_id, **facts)


def _roles(application: Application, who: Administrator) -> "list[AppRoleGrant]":
    found = AppRoleGrant.objects.filter(application=application, tenant=who.tenant)
    return list(found.order_by("resource", "permission"))


@shown
def applications(request: HttpRequest, who: Administrator) -> HttpResponseBase:
    rows = enterprise_applications(who.tenant)
    return ENTERPRISE.answer(request, rows, template="admincenter/applications.html")


@shown
def application_page(request: HttpRequest, who: Administrator, client_id: UUID) -> HttpResponseBase:
    application = _find(who, client_id)
    own = application.tenant_id == who.tenant.pk
    context = {
        "application": application,
        "own": own,
        "registered_here": own and not application.preauthorized,
        "ends_at": ends_at(application),
        "roles": [(role, api_name(role.resource)) for role in _roles(application, who)],
        "may_change": who.may(Need.GLOBAL) and not application.preauthorized,
        "consentable": bool(application.permissions) and consentable(who.tenant, client_id).exists(),
    }
    rows = consents_of(application, who.tenant)
    return CONSENTS.answer(request, rows, template="admincenter/application.html", context=context)


@form_page(need=Need.GLOBAL)
def revoke_one(request: HttpRequest, who: Administrator, client_id: UUID, consent_id: int) -> HttpResponse:
    """One person's consent, with every API it names, or that for everybody."""
    application = _find(who, client_id)
    consent = get_object_or_404(consents_of(application, who.tenant).select_related("account__tenant"), pk=consent_id)
    if request.method == "POST":
        if consent.account is None:
            revoke_everybodys_consent(application=application, tenant=who.tenant, actor=who.actor)
        else:
            revoke_consent(application=application, account=consent.account, actor=who.actor)
        messages.success(request, _("The consent was revoked."))
        return SeeOther(application_url(application))
    same = ConsentGrant.objects.filter(application=application, tenant=who.tenant, account=consent.account_id)
    scopes = [name for names in same.order_by("resource").values_list("scopes", flat=True) for name in names]
    context = {"application": application, "consent": consent, "permissions": described(scopes)}
    return render(request, "admincenter/application_revoke_one.html", context)


@form_page(need=Need.GLOBAL)
def revoke_all(request: HttpRequest, who: Administrator, client_id: UUID) -> HttpResponse:
    application = _find(who, client_id, preauthorized=False)
    if request.method == "POST":
        revoke_application(application=application, tenant=who.tenant, actor=who.actor)
        said = _("“%(name)s” may do nothing in your organization any more.") % {"name": application.name}
        messages.success(request, said)
        return SeeOther(reverse("admincenter:applications"))
    return render(request, "admincenter/application_revoke.html", {"application": application})


@form_page(need=Need.GLOBAL)
def consent(request: HttpRequest, who: Administrator, client_id: UUID) -> HttpResponse:
    """Consent for everybody to what the registration asks for. The page can be linked to: it names the application.

    What is accepted is what the page showed: a registration that asks for something else by now is shown again.
    """
    application = get_object_or_404(consentable(who.tenant, client_id))
    if not application.permissions:
        raise Http404
    may, asked = may_consent_for_everybody(who.account), " ".join(application.permissions)
    changed = request.method == "POST" and request.POST.get("shown") != asked  # the publisher's doing meanwhile
    if request.method == "POST" and may and not changed:
        record_consent(
            application=application,
            account=who.account,
            scopes=[*WITH_SIGN_IN, *application.permissions],
            for_everybody=True,
            mfa=True,  # no change is made here without a verification of the last 15 minutes
        )
        messages.success(request, _("“%(name)s” is allowed for everybody.") % {"name": application.name})
        return SeeOther(application_url(application))
    context = {
        "application": application,
        "permissions": described([*WITH_SIGN_IN, *application.permissions]),
        "asked": asked,
        "changed": changed,
        "organization": who.tenant.display_name,
        "may": may,
    }
    refused = HTTPStatus.CONFLICT if may else HTTPStatus.FORBIDDEN
    status = refused if request.method == "POST" else HTTPStatus.OK
    return render(request, "admincenter/application_consent.html", context, status=status)


@form_page(need=Need.GLOBAL)
def grant_roles(request: HttpRequest, who: Administrator, client_id: UUID) -> HttpResponse:
    """Let an application act by itself here. One of another tenant is found too, if it may be used here.

    That is consent for the whole organization too, so who may not give that may not give this.
    """
    application = get_object_or_404(consentable(who.tenant, client_id), public=False)
    form, may = (
        AppRolesForm(request.POST or None, held=_roles(application, who)),
        may_consent_for_everybody(who.account),
    )
    if request.method == "POST" and may and form.is_valid():
        about = {"application": application, "tenant": who.tenant, "actor": who.actor}
        for resource, permissions in form.chosen().values():
            grant_app_roles(**about, permissions=permissions, resource=resource)  # type: ignore[arg-type]
        messages.success(request, _("The permissions were granted."))
        return SeeOther(application_url(application))
    context = {"form": form, "application": application, "may": may}
    status = HTTPStatus.FORBIDDEN if request.method == "POST" and not may else HTTPStatus.OK
    return render(request, "admincenter/application_roles.html", context, status=status)


@form_page(need=Need.GLOBAL)
def revoke_role(request: HttpRequest, who: Administrator, client_id: UUID, grant_id: int) -> HttpResponse:
    application = _find(who, client_id, preauthorized=False)
    role = get_object_or_404(AppRoleGrant, application=application, tenant=who.tenant, pk=grant_id)
    if request.method == "POST":
        about = {"application": application, "tenant": who.tenant, "actor": who.actor}
        revoke_app_roles(**about, permissions=[role.permission], resource=find_resource(role.resource))  # type: ignore[arg-type]
        messages.success(request, _("The permission was revoked."))
        return SeeOther(application_url(application))
    context = {"application": application, "role": role, "api": api_name(role.resource)}
    return render(request, "admincenter/application_revoke_role.html", context)
