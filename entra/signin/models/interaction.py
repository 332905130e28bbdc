"""One authorize request on its way through the sign-in pages."""

import secrets

from django.db import models

from entra.directory.models import Tenant, User
from entra.signin.models.session import ProviderSession


def interaction_id() -> str:
    return secrets.token_urlsafe(24)


class Interaction(models.Model):
    """A server-side row per authorize request, bound to the browser session that started it.

    `request` is the validated authorize request as JSON (`entra.signin.request.SignInRequest`); nothing of it
    travels through hidden form fields. The row is deleted when the request is answered.
    """

    id = models.CharField(primary_key=True, max_length=40, default=interaction_id, editable=False)
    session = models.ForeignKey(ProviderSession, on_delete=models.CASCADE, related_name="interactions")
    tenant = models.ForeignKey(Tenant, null=True, on_delete=models.CASCADE, help_text="Null for common/organizations.")
    client_id = models.UUIDField()
    request = models.JSONField()
    account = models.ForeignKey(
        User, null=True, on_delete=models.CASCADE, help_text="Home account chosen in this interaction, proven or not."
    )
    correlation_id = models.UUIDField()
    state = models.JSONField(default=dict, help_text="Progress of the step in hand: challenges, pending registration.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.id
