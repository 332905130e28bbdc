"""Federation per domain: what is believed of its provider, and by which certificates. Changes take a Global admin."""

from dataclasses import asdict

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entra.admincenter.certificates import shown_certificate
from entra.admincenter.forms.federation import BEHAVIORS, BehaviorForm, MetadataForm, NextCertificateForm
from entra.admincenter.guard import Administrator, Need, act, form_page, shown
from entra.admincenter.refusals import would_lock_out
from entra.directory.models import Domain
from entra.directory.services import accounts_of, without_password
from entra.federation.administration import Provider, change_federation, federate_domain, set_next_certificate
from entra.federation.models import FederatedDomain, MfaBehavior
from entra.federation.saml.metadata import ProviderDescription
from entra.signin.flows import SeeOther
from entra.signin.lockout import WouldLockOut, keeps_an_administrator
from entra.signin.models import AuthenticationEvent, Source

_SALT = "admincenter.federation"
_READ_FOR = 900  # seconds between reading a provider's metadata and trusting it
_PROOFS = 20


def find_domain(who: Administrator, name: str) -> Domain:
    return get_object_or_404(Domain.objects.select_related("tenant", "federation"), tenant=who.tenant, name=name)


def find_federated(who: Administrator, name: str) -> FederatedDomain:
    rows = FederatedDomain.objects.select_related("domain__tenant")
    return get_object_or_404(rows, domain__tenant=who.tenant, domain__name=name)


def _to(name: str) -> HttpResponse:
    return SeeOther(reverse("admincenter:domain", args=[name]))


@shown
def domains(request: HttpRequest, who: Administrator) -> HttpResponse:
    found = Domain.objects.filter(tenant=who.tenant).select_related("federation").order_by("name")
    rows = [(domain, _federation(domain)) for domain in found]
    listed = [(domain, one, shown_certificate(one.signing_certificate) if one else None) for domain, one in rows]
    return render(request, "admincenter/domains.html", {"rows": listed})


def _federation(domain: Domain) -> FederatedDomain | None:
    found: FederatedDomain | None = getattr(domain, "federation", None)
    return found


@shown
def domain_page(request: HttpRequest, who: Administrator, name: str) -> HttpResponse:
    domain = find_domain(who, name)
    federated = _federation(domain)
    context: dict[str, object] = {"domain": domain, "federated": federated, "may_change": who.may(Need.GLOBAL)}
    if federated is None:
        able = accounts_of(domain).filter(account_enabled=True)
        context["strangers"] = without_password(able).count()
    if federated is not None:
        proofs = AuthenticationEvent.objects.filter(
            source=Source.FEDERATED, account__tenant=who.tenant, account__user_principal_name__endswith=f"@{name}"
        )
        context |= {
            "current": shown_certificate(federated.signing_certificate),
            "next": shown_certificate(federated.next_signing_certificate),
            "behavior": BEHAVIORS[federated.federated_idp_mfa_behavior],
            "form": BehaviorForm(initial={"behavior": federated.federated_idp_mfa_behavior}),
            "proofs": proofs.select_related("account").order_by("-at")[:_PROOFS],
            "own_metadata": f"{settings.ENTRA_URL}{reverse('federation-metadata')}",
        }
    return render(request, "admincenter/domain.html", context)


@act(need=Need.GLOBAL)
def set_behavior(request: HttpRequest, who: Administrator, name: str) -> HttpResponse:
    federated, form = find_federated(who, name), BehaviorForm(request.POST)
    if not form.is_valid():
        raise Http404
    behavior = MfaBehavior(form.cleaned_data["behavior"])
    try:
        with keeps_an_administrator(who.tenant):
            change_federation(federated=federated, federated_idp_mfa_behavior=behavior, actor=who.actor)
    except WouldLockOut:
        messages.error(request, would_lock_out())
    else:
        messages.success(request, _("“%(name)s” was saved.") % {"name": name})
    return _to(name)


@form_page(need=Need.GLOBAL)
def metadata(request: HttpRequest, who: Administrator, name: str) -> HttpResponse:
    """Read the provider's file and show what it says; nothing is trusted yet."""
    domain = find_domain(who, name)
    form = MetadataForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        found: ProviderDescription = form.cleaned_data["file"]
        context = {
            "domain": domain,
            "federated": _federation(domain),
            "found": found,
            "current": shown_certificate(found.certificate),
            "next": shown_certificate(found.next_certificate),
            "fields": {"read": signing.dumps([name, asdict(found)], salt=_SALT)},
        }
        return render(request, "admincenter/domain_trust.html", context)
    return render(request, "admincenter/domain_metadata.html", {"form": form, "domain": domain})


@act(need=Need.GLOBAL)
def trust(request: HttpRequest, who: Administrator, name: str) -> HttpResponse:
    """Believe the provider that was shown a moment ago."""
    domain = find_domain(who, name)
    try:
        of_domain, read = signing.loads(request.POST.get("read", ""), salt=_SALT, max_age=_READ_FOR)
    except signing.BadSignature as error:
        raise Http404 from error
    if of_domain != name:
        raise Http404
    try:
        with keeps_an_administrator(who.tenant):
            _believe(domain, ProviderDescription(**read), who.actor)
    except WouldLockOut:
        messages.error(request, would_lock_out())
    else:
        messages.success(request, _("People of %(domain)s sign in at this provider.") % {"domain": name})
    return _to(name)


def _believe(domain: Domain, found: ProviderDescription, actor: str) -> None:
    federated = _federation(domain)
    if federated is None:
        federated = federate_domain(
            domain=domain,
            provider=Provider(found.issuer_uri, found.sign_in_uri, found.certificate),
            mfa_behavior=MfaBehavior.ACCEPT,
            signed_requests=True,
            actor=actor,
        )
        if found.next_certificate:
            set_next_certificate(federated=federated, certificate=found.next_certificate, actor=actor)
        return
    change_federation(
        federated=federated,
        issuer_uri=found.issuer_uri,
        passive_sign_in_uri=found.sign_in_uri,
        signing_certificate=found.certificate,
        next_signing_certificate=found.next_certificate,
        actor=actor,
    )


@form_page(need=Need.GLOBAL)
def next_certificate(request: HttpRequest, who: Administrator, name: str) -> HttpResponse:
    federated = find_federated(who, name)
    form = NextCertificateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_next_certificate(federated=federated, certificate=form.cleaned_data["certificate"], actor=who.actor)
        messages.success(request, _("The next certificate is trusted beside the current one."))
        return _to(name)
    return render(request, "admincenter/domain_certificate.html", {"form": form, "domain": federated.domain})


@form_page(need=Need.GLOBAL)
def promote(request: HttpRequest, who: Administrator, name: str) -> HttpResponse:
    """The next certificate becomes the current one; the old one is trusted no more."""
    federated = find_federated(who, name)
    if not federated.next_signing_certificate:
        raise Http404
    if request.method == "POST":
        change_federation(
            federated=federated,
            signing_certificate=federated.next_signing_certificate,
            next_signing_certificate="",
            actor=who.actor,
        )
        messages.success(request, _("The next certificate is the current one now; the old one is trusted no more."))
        return _to(name)
    context = {
        "domain": federated.domain,
        "current": shown_certificate(federated.signing_certificate),
        "next": shown_certificate(federated.next_signing_certificate),
    }
    return render(request, "admincenter/domain_promote.html", context)
