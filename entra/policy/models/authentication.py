"""Tenant-wide switches: security defaults, per-user MFA, the methods policy, legacy authentication."""

from django.db import models

from entra.directory.models import Tenant, User
from entra.policy.evaluate import PerUserMfaState


def per_user_mfa_states() -> list[tuple[str, str]]:
    return [(state.value, state.name) for state in PerUserMfaState]


class SecurityDefaults(models.Model):
    """The row exists while security defaults are on. `enabled_at` starts the 14 days to register (V12)."""

    tenant = models.OneToOneField(Tenant, primary_key=True, on_delete=models.CASCADE, related_name="security_defaults")
    enabled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tenant_id} since {self.enabled_at:%Y-%m-%d}"


class PerUserMfa(models.Model):
    """No row means disabled. Both other states ask for MFA; `enforced` is what `enabled` becomes once registered."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="per_user_mfa")
    state = models.CharField(max_length=16, choices=per_user_mfa_states, default=PerUserMfaState.DISABLED)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.state}"


class AuthenticationPolicy(models.Model):
    """Which verification methods people of the tenant may register and use, and whether old protocols may sign in.

    Without a row every method is allowed, or under security defaults the authenticator app alone (common issue 4).
    """

    tenant = models.OneToOneField(
        Tenant, primary_key=True, on_delete=models.CASCADE, related_name="authentication_policy"
    )
    allowed_methods = models.JSONField(
        null=True, blank=True, help_text="List of method kinds; [] allows none; null leaves the default."
    )
    blocks_legacy_authentication = models.BooleanField(default=False)
    allows_password_grant = models.BooleanField(default=False, help_text="Applications may take passwords (V14).")

    def __str__(self) -> str:
        return f"{self.tenant_id}: {self.allowed_methods}"
