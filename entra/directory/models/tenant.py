"""Tenants and the domains that name them."""

import uuid

from django.db import models
from django.db.models.functions import Lower


class DomainAuthentication(models.TextChoices):
    MANAGED = "managed"
    FEDERATED = "federated"


def domain_authentications() -> list[tuple[str, str]]:
    return list(DomainAuthentication.choices)


class Tenant(models.Model):
    """An organization's directory. Its id is the `tid` of every token issued for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    display_name = models.CharField(max_length=120)
    country_code = models.CharField(max_length=2, default="US")
    trusts_home_mfa = models.BooleanField(default=False, help_text="Accept MFA that a guest did at the home tenant.")
    strict_entra_tokens = models.BooleanField(
        default=False, help_text="Leave amr, acr and auth_time out of v2 ID tokens."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.display_name


class Domain(models.Model):
    """A verified domain. The domain of a sign-in name decides the home realm."""

    name = models.CharField(max_length=253, primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="domains")
    authentication = models.CharField(
        max_length=16, choices=domain_authentications, default=DomainAuthentication.MANAGED
    )
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_default=True), name="one_default_domain_a_tenant"
            ),
            models.CheckConstraint(condition=models.Q(name=Lower("name")), name="domain_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name
