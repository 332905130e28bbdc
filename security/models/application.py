"""What the directory calls the applications of a report."""

from django.db import models

from accounts.models import PartnerTenant


class ApplicationName(models.Model):
    """The name of one application in one tenant, as the last snapshot found it."""

    tenant = models.ForeignKey(PartnerTenant, on_delete=models.CASCADE, related_name="application_names")
    application_id = models.CharField(max_length=64)
    name = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "application_id"], name="one_name_an_application")]

    def __str__(self) -> str:
        return self.name
