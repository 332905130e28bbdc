"""The admin center's own sessions, and the authorize requests it waits for an answer to (M23)."""

import uuid

from django.db import models

from entra.directory.models import Tenant, User
from entra.signin.models import ProviderSession


class AdminSession(models.Model):
    """One administrator at one browser. The cookie holds the key, the row its hash only.

    It rests on the provider's session that its ID token names, and ends with that one.
    """

    key_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="admin_sessions")
    provider_session = models.ForeignKey(ProviderSession, on_delete=models.CASCADE, related_name="+")
    mfa_at = models.DateTimeField(help_text="`auth_time` of the newest ID token: how fresh the verification is.")
    id_token_sealed = models.TextField(help_text="Shown to the provider at sign-out.")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.account_id} since {self.created_at:%Y-%m-%d %H:%M}"


class AuthorizeRequest(models.Model):
    """All that an answer is checked against, found by its state. Bound to the browser; to the session at a step-up.

    `tenant` is where the answer has to come from; none means that it is the person's own.
    `held_sealed` is a form that met the step-up: shown again afterwards, never sent by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state_hash = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64)
    nonce = models.CharField(max_length=64)
    code_verifier = models.CharField(max_length=128)
    session = models.ForeignKey(AdminSession, null=True, on_delete=models.CASCADE, related_name="step_ups")
    tenant = models.ForeignKey(Tenant, null=True, on_delete=models.CASCADE, related_name="+")
    next = models.TextField()
    held_sealed = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"request at {self.created_at:%Y-%m-%d %H:%M}"
