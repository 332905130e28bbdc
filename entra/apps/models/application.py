"""Application registrations (requirement S1)."""

import uuid

from django.db import models

from entra.directory.models import Tenant


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
    strict_assertions = models.BooleanField(default=False, help_text="A client assertion counts once.")
    permissions = models.JSONField(
        default=list, help_text="Scopes that `.default` and v1 requests stand for, by their full names."
    )
    enabled = models.BooleanField(default=True)
    tokens_valid_from = models.DateTimeField(null=True, help_text="Tokens issued before this moment count no more.")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    def principal_in(self, tenant_id: uuid.UUID) -> uuid.UUID:
        """Return the id of the application's own object in a tenant: the `oid` of the tokens it gets by itself."""
        return uuid.uuid5(tenant_id, str(self.pk))
