from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models.tenant import PartnerTenant
from accounts.models.user import User


class ExemptionQuerySet(models.QuerySet["Exemption"]):
    def covering(self, user: User, *, now: datetime) -> "ExemptionQuerySet":
        """Exemptions in force for this person: named ones, and those for everybody of the tenant."""
        named = Q(users=user) | Q(whole_tenant=True)
        return self.filter(named, tenant_id=user.tenant_id, until__gt=now, revoked_at=None).distinct()


class Exemption(models.Model):
    """A granted technical exception: MFA is not asked of these users in these areas until then (X4)."""

    tenant = models.ForeignKey(PartnerTenant, on_delete=models.CASCADE, related_name="exemptions")
    users = models.ManyToManyField(User, blank=True, related_name="exemptions")
    whole_tenant = models.BooleanField(default=False)
    areas = models.JSONField(default=list)
    until = models.DateTimeField()
    reason = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ExemptionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.reason
