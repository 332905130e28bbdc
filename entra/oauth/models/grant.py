"""One answered authorize request, and everything that was handed out for it."""

import uuid

from django.db import models

from entra.apps.models import Application
from entra.directory.models import Tenant, User
from entra.signin.models import ProviderSession


class Grant(models.Model):
    """The family of a code, its tokens and their successors. Revoking it voids them all (RFC 9700 4.14.2).

    `amr`, `acr` and `auth_time` are the evidence of the sign-in, copied unchanged into every token.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="grants")
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants", help_text="Resource account.")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(ProviderSession, null=True, on_delete=models.SET_NULL, related_name="grants")
    version = models.CharField(max_length=4)
    scope = models.JSONField(default=list)
    resource = models.CharField(max_length=200, blank=True)
    amr = models.JSONField(default=list)
    acr = models.CharField(max_length=120)
    acrs = models.JSONField(default=list)
    auth_time = models.DateTimeField()
    ip_address = models.GenericIPAddressField(null=True, help_text="Where the person signed in from.")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    signed_out_at = models.DateTimeField(null=True, help_text="The application was told that this sign-in is over.")

    def __str__(self) -> str:
        return str(self.id)


class AuthorizationCode(models.Model):
    """Five minutes, once. Kept after use, so that a second use is seen (OIDC Core 3.1.3.2, ASVS 10.4.2)."""

    code_hash = models.CharField(primary_key=True, max_length=64)
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="codes")
    redirect_uri = models.TextField()
    nonce = models.TextField(null=True)  # noqa: DJ001 - absent and empty differ: an absent nonce is not echoed
    code_challenge = models.CharField(max_length=128, blank=True)
    expires_at = models.DateTimeField(db_index=True)
    redeemed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code of {self.grant_id}"


class RefreshToken(models.Model):
    """Replaced at each use; `replaced_at` tells a replay from a first use."""

    token_hash = models.CharField(primary_key=True, max_length=64)
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="refresh_tokens")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    replaced_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"refresh token of {self.grant_id}"
