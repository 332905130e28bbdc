"""Application registrations, their secrets, and what people consented to (requirement S1)."""

import uuid

from django.db import models

from entra.directory.models import Tenant, User


class Application(models.Model):
    """One registered client. Confidential unless `public`; the code flow only, with PKCE unless it is waived."""

    client_id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="applications")
    name = models.CharField(max_length=120)
    redirect_uris = models.JSONField(default=list)
    post_logout_redirect_uris = models.JSONField(default=list)
    backchannel_logout_uri = models.URLField(blank=True)
    public = models.BooleanField(default=False, help_text="Cannot keep a secret.")
    require_pkce = models.BooleanField(default=True, help_text="Off only for clients that predate PKCE.")
    multi_tenant = models.BooleanField(default=False)
    preauthorized = models.BooleanField(default=False, help_text="Nobody is asked for consent.")
    strict_refresh = models.BooleanField(default=False, help_text="A replaced refresh token is void at once.")
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class ClientSecret(models.Model):
    """A secret's keyed hash. Secrets are long and random, so a fast hash will do; the key is not in the database."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="secrets")
    hint = models.CharField(max_length=3)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "digest"], name="secret_once_an_application")]

    def __str__(self) -> str:
        return f"{self.hint}…"


class ConsentGrant(models.Model):
    """What one account in one tenant let an application do."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="consents")
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    scopes = models.JSONField(default=list)
    granted_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "account"], name="one_consent_an_account")]

    def __str__(self) -> str:
        return f"{self.account_id} → {self.application_id}"


class AppRoleGrant(models.Model):
    """An application permission: what an administrator of `tenant` lets the application do there by itself."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="app_roles")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="app_roles")
    permission = models.CharField(max_length=80)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "tenant", "permission"], name="app_role_once_an_application_and_tenant"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.permission} in {self.tenant_id}"
