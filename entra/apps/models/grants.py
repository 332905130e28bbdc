"""What people and administrators let applications do (S2)."""

from django.db import models

from entra.apps.models.application import Application
from entra.directory.models import Tenant, User


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
