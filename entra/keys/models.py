"""Signing keys of the provider."""

from django.db import models


class KeyState(models.TextChoices):
    NEXT = "next", "Published, signs after the coming rotation"
    ACTIVE = "active", "Signs"
    RETIRED = "retired", "Published until every token it signed has expired"


def key_states() -> list[tuple[str, str]]:
    return list(KeyState.choices)


class SigningKey(models.Model):
    """An RSA key. The private half is sealed; the public half is published while the row exists."""

    kid = models.CharField(primary_key=True, max_length=64)
    state = models.CharField(max_length=8, choices=key_states)
    private_sealed = models.TextField()
    public_jwk = models.JSONField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="active"), name="one_active_key"),
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="next"), name="one_next_key"),
        ]

    def __str__(self) -> str:
        return f"{self.kid} ({self.state})"
