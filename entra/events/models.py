"""Streams of security events, and the outbox they are sent from (RFC 8417, OpenID Shared Signals 1.0)."""

import uuid

from django.db import models

from entra.events.kinds import event_types


class Stream(models.Model):
    """One receiver. It hears of the accounts of every tenant, so only the operator of this provider adds one.

    `audience` is the receiver's client id. The secret that authorizes polling is kept as a keyed hash.
    """

    audience = models.UUIDField(primary_key=True)
    endpoint = models.URLField(blank=True, help_text="Where events are pushed to; empty: the receiver only polls.")
    secret_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="Pushes that failed in a row.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="No push before this moment.")
    leased_until = models.DateTimeField(null=True, blank=True, help_text="A process is pushing now.")
    last_error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.audience)


class OutgoingEvent(models.Model):
    """One event for one stream, written in the transaction of the change itself: neither exists without the other.

    Subject and facts are values: who they belong to may be deleted meanwhile.
    """

    jti = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="events")
    type = models.CharField(max_length=100, choices=event_types)
    tenant_id = models.UUIDField()
    account_id = models.UUIDField(null=True, blank=True)
    session_id = models.UUIDField(null=True, blank=True)
    application_id = models.UUIDField(null=True, blank=True)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)
    settled_at = models.DateTimeField(null=True, blank=True, help_text="The receiver has it, or refuses it.")
    refusal = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["stream", "id"], name="event_waiting", condition=models.Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.type.rpartition('/')[2]} of {self.account_id or self.application_id}"
