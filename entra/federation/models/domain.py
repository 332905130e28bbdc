"""The identity provider of a federated domain (V7, V8)."""

from django.db import models

from entra.directory.models import Domain


class MfaBehavior(models.TextChoices):
    """What is believed of the federated provider's MFA (`federatedIdpMfaBehavior`)."""

    ACCEPT = "acceptIfMfaDoneByFederatedIdp", "Accept its proof; without one, ask for a method registered here"
    ENFORCE = "enforceMfaByFederatedIdp", "Accept its proof; without one, send the person back for it once"
    REJECT = "rejectMfaByFederatedIdp", "Always ask for a method registered here"


def mfa_behaviors() -> list[tuple[str, str]]:
    return list(MfaBehavior.choices)


class FederatedDomain(models.Model):
    """How people of one domain sign in at their own provider, by SAML 2.0. Field names follow the Graph resource."""

    domain = models.OneToOneField(Domain, primary_key=True, on_delete=models.CASCADE, related_name="federation")
    issuer_uri = models.CharField(max_length=300)
    passive_sign_in_uri = models.URLField(help_text="Takes AuthnRequests by HTTP-Redirect.")
    sign_out_uri = models.URLField(blank=True)
    signing_certificate = models.TextField(help_text="PEM.")
    next_signing_certificate = models.TextField(blank=True, help_text="PEM; trusted too, for a change of certificate.")
    federated_idp_mfa_behavior = models.CharField(max_length=32, choices=mfa_behaviors, default=MfaBehavior.ACCEPT)
    is_signed_authentication_request_required = models.BooleanField(default=False)
    accepts_attribute_proof = models.BooleanField(
        default=True, help_text="Read the MFA proof from the attribute too, not from the AuthnContextClassRef alone."
    )

    def __str__(self) -> str:
        return self.domain_id

    @property
    def certificates(self) -> tuple[str, ...]:
        return tuple(pem for pem in (self.signing_certificate, self.next_signing_certificate) if pem)
