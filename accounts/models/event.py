from django.db import models


class TokenSeen(models.Model):
    """The jti of an accepted logout token or security event: a second one is a replay, or a repetition."""

    issuer = models.CharField(max_length=255)
    jti = models.CharField(max_length=255)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "jti"], name="token_seen_once")]

    def __str__(self) -> str:
        return self.jti


class EventFeed(models.Model):
    """When the provider's events were last heard of, by any process of this portal. One row."""

    heard_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"heard at {self.heard_at:%Y-%m-%d %H:%M:%S}"
