"""Who was asked to register a verification method."""

from django.db import models

from accounts.models import PartnerTenant


class RegistrationAsk(models.Model):
    """When one person was asked last (Q5). Every single time stands in the audit log."""

    tenant = models.ForeignKey(PartnerTenant, on_delete=models.CASCADE, related_name="registration_asks")
    user_id = models.CharField(max_length=64, help_text="The directory's object id, in lower case.")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user_id"], name="one_ask_a_person")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.asked_at:%Y-%m-%d %H:%M}"
