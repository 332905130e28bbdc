"""Back-channel sign-out messages that wait for delivery."""

import uuid

from django.db import models

from entra.apps.models import Application


class LogoutMessage(models.Model):
    """One logout token's facts for one application; it is signed anew at each attempt, so that it never expires."""

    jti = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    tenant_id = models.UUIDField()
    version = models.CharField(max_length=4)
    sub = models.CharField(max_length=64)
    sid = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)
    delivered_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.application_id}: {self.sid or self.sub}"
