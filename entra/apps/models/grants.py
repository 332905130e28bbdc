"""What people and administrators let applications do (S2)."""

from django.db import models

from entra.apps.models.application import Application
from entra.directory.models import Tenant, User


class ConsentGrant(models.Model):
    """Delegated permissions of one API that an application may use in a tenant: for one account, or for everybody."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="consents")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="consents")
    account = models.ForeignKey(
        User,
        null=True,
        on_delete=models.CASCADE,
        related_name="consents",
        help_text="Null: an administrator consented on behalf of the organization.",
    )
    resource = models.CharField(max_length=36, help_text="The API's application id.")
    scopes = models.JSONField(default=list)
    granted_at = models.DateTimeField(auto_now=True)
    granted_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", help_text="Who accepted it last."
    )
    mfa = models.BooleanField(default=False, help_text="Whoever accepted it had proven more than one factor (S8).")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "account", "resource"], name="one_consent_an_account"),
            models.UniqueConstraint(
                fields=["application", "tenant", "resource"],
                condition=models.Q(account=None),
                name="one_consent_for_everybody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id or self.tenant_id} → {self.application_id}"


class AppRoleGrant(models.Model):
    """An application permission: what an administrator of `tenant` lets the application do there by itself."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="app_roles")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="app_roles")
    resource = models.CharField(max_length=36, help_text="The API's application id.")
    permission = models.CharField(max_length=80)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "tenant", "resource", "permission"],
                name="app_role_once_an_application_and_tenant",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.permission} in {self.tenant_id}"
