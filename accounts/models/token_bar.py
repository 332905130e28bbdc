import uuid
from datetime import datetime

from django.db import models

from accounts.models.tenant import PartnerTenant


class TokenBarQuerySet(models.QuerySet["TokenBar"]):
    def raise_to(self, *, tenant_id: uuid.UUID, application_id: str, oid: str, moment: datetime) -> None:
        """Bar what was issued before this moment; an earlier bar is never brought back."""
        bar, created = self.get_or_create(
            tenant_id=tenant_id, application_id=application_id, oid=oid, defaults={"not_before": moment}
        )
        if not created:
            self.filter(pk=bar.pk, not_before__lt=moment).update(not_before=moment)


class TokenBar(models.Model):
    """Tokens of an application in a tenant that were issued before a moment count no more.

    `oid` names one person's grant; empty: the application's tokens of everybody there, and its own.
    """

    tenant = models.ForeignKey(PartnerTenant, on_delete=models.CASCADE, related_name="+")
    application_id = models.CharField(max_length=64)
    oid = models.CharField(max_length=64, blank=True)
    not_before = models.DateTimeField()

    objects = TokenBarQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "application_id", "oid"], name="one_token_bar_a_grant"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} before {self.not_before:%Y-%m-%d %H:%M:%S}"
