"""The browser's session at the provider, and the authentication events in it (requirements V6, M23)."""

import uuid

from django.db import models

from entra.directory.models import Tenant, User
from entra.signin.method import Method, Source


def methods() -> list[tuple[str, str]]:
    return list(Method.choices)


def sources() -> list[tuple[str, str]]:
    return list(Source.choices)


class ProviderSession(models.Model):
    """One browser at the provider; 24 hours at most (M23). The cookie holds the key, the row its hash only.

    `account` is the home account signed in here; null until a first factor has succeeded.
    The key is replaced whenever the level changes: new account, new event.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, help_text="The `sid` claim.")
    key_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="provider_sessions")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, help_text="Signed out.")
    user_agent = models.CharField(max_length=200, blank=True)
    ip_address = models.GenericIPAddressField(null=True)
    state = models.JSONField(default=dict, help_text="Work in hand on the provider's own pages.")

    def __str__(self) -> str:
        return str(self.id)


class AuthenticationEvent(models.Model):
    """One proof given in one session by the home account."""

    session = models.ForeignKey(ProviderSession, on_delete=models.CASCADE, related_name="events")
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="authentication_events")
    method = models.CharField(max_length=24, choices=methods)
    source = models.CharField(max_length=16, choices=sources, default=Source.LOCAL)
    at = models.DateTimeField()
    user_verified = models.BooleanField(default=False, help_text="Security key: PIN or biometric was checked.")
    proves_mfa = models.BooleanField(default=False, help_text="Federated: the assertion carried the MFA proof (V8).")
    device_id = models.CharField(
        max_length=64, blank=True, help_text="The credential used; for a custom control, the control's id."
    )
    resource_tenant = models.ForeignKey(
        Tenant, null=True, on_delete=models.SET_NULL, related_name="+", help_text="The tenant the proof was given for."
    )

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.method} at {self.at:%Y-%m-%d %H:%M:%S}"
