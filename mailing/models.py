"""The outbox of mails: what is to be sent, written in the transaction of the change it tells of."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self) -> Self:
        return self.filter(sent_at=None, given_up_at=None)

    def due(self, now: datetime) -> Self:
        return self.waiting().filter(due_at__lte=now).order_by("due_at", "pk")


class OutgoingMail(models.Model):
    """One mail, worded when its change was made. It rests here in clear, unless a link in it is a secret: `sealed`."""

    key = models.UUIDField(default=uuid.uuid4, editable=False, help_text="Stands in Message-ID, the same at each try.")
    tenant_id = models.UUIDField(null=True)
    recipient = models.CharField(max_length=320)
    subject = models.CharField(max_length=255)
    body = models.TextField()
    html = models.TextField(blank=True, help_text="The same for programs that show it; empty: there is the text alone.")
    unsubscribe_url = models.TextField(blank=True, help_text="What one press unsubscribes at (RFC 8058).")
    sealed = models.BooleanField(default=False, help_text="The three texts above are sealed by the secret store.")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Not tried before this moment; moved on before each try.")
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="The mail server has it.")
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="mail_waiting", condition=models.Q(sent_at=None, given_up_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.recipient}"
