import hashlib
from datetime import datetime

from django.db import models

from accounts.evidence import Evidence
from accounts.models.user import User


def hashed(secret: str) -> str:
    """Return what is stored of a random 256-bit secret; a reader of the database cannot use it."""
    return hashlib.sha256(secret.encode()).hexdigest()


class PortalSessionQuerySet(models.QuerySet["PortalSession"]):
    def living(self, *, now: datetime, idle_since: datetime) -> "PortalSessionQuerySet":
        return self.filter(ended_at=None, expires_at__gt=now, last_seen_at__gt=idle_since)


class PortalSession(models.Model):
    """A signed-in browser. One query reads it with its user, tenant, roles and evidence."""

    key_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    issuer = models.CharField(max_length=255)
    provider_sid = models.CharField(max_length=255, blank=True, db_index=True)
    evidence_json = models.JSONField(default=list)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    user_agent = models.CharField(max_length=200, blank=True)
    network = models.CharField(
        max_length=50, blank=True, help_text="Where it was opened: /24 or /48, never an address."
    )

    objects = PortalSessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="session_by_start")]

    def __str__(self) -> str:
        return f"{self.user} since {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(Evidence.from_json(raw) for raw in self.evidence_json)


class SessionTokens(models.Model):
    """The provider's tokens of one session, sealed; apart, so that ordinary requests do not carry them."""

    session = models.OneToOneField(PortalSession, on_delete=models.CASCADE, related_name="tokens")
    refresh_token = models.TextField(blank=True)
    id_token = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"tokens of session {self.session_id}"
