"""Sign-ins that were started on a device without a browser (RFC 8628)."""

from django.db import models

from entra.apps.models import Application
from entra.directory.models import Tenant
from entra.oauth.models.grant import Grant


class DeviceCode(models.Model):
    """Fifteen minutes, once. The device holds one code and polls with it; the person types the other one.

    Waiting while there is neither a grant nor a refusal.
    """

    device_code_hash = models.CharField(primary_key=True, max_length=64)
    user_code_hash = models.CharField(max_length=64, unique=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="device_codes")
    tenant = models.ForeignKey(Tenant, null=True, on_delete=models.CASCADE, help_text="Null for common/organizations.")
    request = models.JSONField(help_text="What the device asked for, as an authorize request.")
    ip_address = models.GenericIPAddressField(null=True, help_text="Where the device is.")
    expires_at = models.DateTimeField(db_index=True)
    interval = models.PositiveSmallIntegerField(default=5, help_text="Seconds between two polls.")
    polled_at = models.DateTimeField(null=True)
    grant = models.ForeignKey(Grant, null=True, on_delete=models.CASCADE, related_name="device_codes")
    refused_code = models.PositiveIntegerField(default=0, help_text="The AADSTS code of a refusal; 0 is none.")
    redeemed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"device code of {self.application_id}"
