"""Federating a domain and changing what is believed of its provider. Each is one act with one audit record."""

from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activity.actions import AuditAction
from activity.services import record_audit
from entra.directory.announcements import everybodys_sessions_voided
from entra.directory.mails import mail_change
from entra.directory.models import Domain, DomainAuthentication, Tenant
from entra.directory.services import accounts_of, without_password
from entra.federation.models import FederatedDomain, MfaBehavior


class FederationAction(AuditAction):
    DOMAIN_FEDERATED = "federation.domain.federated"
    DOMAIN_MANAGED = "federation.domain.managed"
    NEXT_CERTIFICATE_TRUSTED = "federation.nextCertificate.trusted"
    MFA_BEHAVIOR_CHANGED = "federation.mfaBehavior.changed"
    FEDERATION_CHANGED = "federation.domain.changed"


@dataclass(frozen=True)
class Provider:
    """An identity provider's side of a federation."""

    issuer_uri: str
    sign_in_uri: str
    certificate: str
    sign_out_uri: str = ""


@transaction.atomic
def federate_domain(
    *, domain: Domain, provider: Provider, mfa_behavior: MfaBehavior, signed_requests: bool, actor: str
) -> FederatedDomain:
    """From now on people of `domain` sign in at `provider`."""
    Domain.objects.filter(pk=domain.pk).update(authentication=DomainAuthentication.FEDERATED)
    federated, _created = FederatedDomain.objects.update_or_create(
        domain=domain,
        defaults={
            "issuer_uri": provider.issuer_uri,
            "passive_sign_in_uri": provider.sign_in_uri,
            "sign_out_uri": provider.sign_out_uri,
            "signing_certificate": provider.certificate,
            "next_signing_certificate": "",
            "federated_idp_mfa_behavior": mfa_behavior,
            "is_signed_authentication_request_required": signed_requests,
        },
    )
    record_audit(
        action=FederationAction.DOMAIN_FEDERATED,
        actor=actor,
        tenant_id=domain.tenant_id,
        subject=domain.name,
        detail={"issuer": provider.issuer_uri, "mfa": mfa_behavior},
    )
    return federated


@transaction.atomic
def unfederate_domain(*, domain: Domain, actor: str) -> int:
    """From now on passwords of `domain` are checked here; return how many enabled people have none.

    What the provider vouched for until now ends with it: everybody of the domain signs in anew, and is told by mail.
    """
    Domain.objects.filter(pk=domain.pk).update(authentication=DomainAuthentication.MANAGED)
    FederatedDomain.objects.filter(domain=domain).delete()
    people = accounts_of(domain)
    people.update(sessions_valid_from=timezone.now())
    everybodys_sessions_voided(people.order_by("pk").iterator())
    strangers = set(without_password(people).filter(account_enabled=True).values_list("pk", flat=True))
    for account in people.filter(account_enabled=True).iterator():
        news = partial(_news, has_password=account.pk not in strangers)  # said in the language of whoever reads it
        mail_change(account=account, sentence=news, actor=actor)
    record_audit(
        action=FederationAction.DOMAIN_MANAGED,
        actor=actor,
        tenant_id=domain.tenant_id,
        subject=domain.name,
        detail={"withoutPassword": len(strangers)},
    )
    return len(strangers)


def _news(*, has_password: bool) -> str:
    if has_password:
        return _("Your organization's own provider no longer signs you in. From now on your password here does.")
    return _(
        "Your organization's own provider no longer signs you in, and you have no password here. Ask your "
        "administrator for a temporary access pass, sign in with it, and set a password on the page below."
    )


@transaction.atomic
def set_next_certificate(*, federated: FederatedDomain, certificate: str, actor: str) -> None:
    """Trust a second PEM certificate. The present one stays until the domain is federated anew."""
    FederatedDomain.objects.filter(pk=federated.pk).update(next_signing_certificate=certificate)
    record_audit(
        action=FederationAction.NEXT_CERTIFICATE_TRUSTED,
        actor=actor,
        tenant_id=federated.domain.tenant_id,
        subject=federated.domain_id,
    )


@transaction.atomic
def change_federation(
    *,
    federated: FederatedDomain,
    actor: str,
    issuer_uri: str | None = None,
    passive_sign_in_uri: str | None = None,
    sign_out_uri: str | None = None,
    signing_certificate: str | None = None,
    next_signing_certificate: str | None = None,
    federated_idp_mfa_behavior: MfaBehavior | None = None,
    is_signed_authentication_request_required: bool | None = None,
) -> None:
    """Change what is given of a federation; None leaves it. Certificates are PEM, and the audit names them only."""
    given = {
        "issuer_uri": issuer_uri,
        "passive_sign_in_uri": passive_sign_in_uri,
        "sign_out_uri": sign_out_uri,
        "signing_certificate": signing_certificate,
        "next_signing_certificate": next_signing_certificate,
        "federated_idp_mfa_behavior": federated_idp_mfa_behavior,
        "is_signed_authentication_request_required": is_signed_authentication_request_required,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    for name, value in changes.items():
        setattr(federated, name, value)
    federated.save(update_fields=list(changes))
    record_audit(
        action=FederationAction.FEDERATION_CHANGED,
        actor=actor,
        tenant_id=federated.domain.tenant_id,
        subject=federated.domain_id,
        detail={name: "changed" if "certificate" in name else value for name, value in changes.items()},
    )


@transaction.atomic
def set_mfa_behavior(*, tenant: Tenant, behavior: MfaBehavior, actor: str) -> int:
    """Change what is believed of MFA for every federated domain of `tenant`; return how many there are."""
    changed = FederatedDomain.objects.filter(domain__tenant=tenant).update(federated_idp_mfa_behavior=behavior)
    record_audit(
        action=FederationAction.MFA_BEHAVIOR_CHANGED,
        actor=actor,
        tenant_id=tenant.pk,
        subject=tenant.display_name,
        detail={"mfa": behavior},
    )
    return changed
