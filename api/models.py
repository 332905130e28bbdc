"""What the REST API keeps of its own: answers to calls that may be repeated, and in the demo faults to inject."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REMEMBERED_FOR = timedelta(hours=24)


class RememberedAnswer(models.Model):
    """How a change was answered, so that a client that repeats it with the same MS-RequestId changes nothing twice.

    Written in the transaction of the change. `answer` is sealed: answers can carry what only the client may read.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant_id = models.UUIDField()
    caller = models.CharField(max_length=200, help_text="The application, and the person's key.")
    request_id = models.CharField(max_length=64)
    call_hash = models.CharField(max_length=64, help_text="Of method, address and body.")
    answer = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "caller", "request_id"], name="one_answer_a_request"),
        ]

    def __str__(self) -> str:
        return self.request_id


class FaultKind(models.TextChoices):
    MFA_REQUIRED = "mfa-required", _("401: MFA required")
    EXPIRED = "expired", _("401: the token has expired")
    THROTTLED = "throttled", _("429: too many calls")
    ERROR = "error", _("500: unexpected error")
    UNAVAILABLE = "unavailable", _("503: not available")
    LATENCY = "latency", _("A late answer")


def fault_kinds() -> "list[tuple[str, str | Promise]]":
    return list(FaultKind.choices)


class FaultQuerySet(models.QuerySet["InjectedFault"]):
    def of_tenant(self, tenant_id: uuid.UUID) -> Self:
        return self.filter(tenant_id=tenant_id)

    def in_effect(self, now: datetime) -> Self:
        left = models.Q(most=None) | models.Q(injected__lt=models.F("most"))
        return self.filter(left, until__gt=now)


class InjectedFault(models.Model):
    """Calls of one tenant that are answered wrong or late on purpose. Made in the demo alone.

    Empty names mean any application, person or operation. `seconds` is what the answer's Retry-After says;
    `milliseconds` how late it comes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant_id = models.UUIDField()
    application_id = models.CharField(max_length=64, blank=True)
    user_id = models.CharField(max_length=64, blank=True, help_text="The provider's key of the user.")
    operation = models.CharField(max_length=120, blank=True, help_text="Method and path template.")
    kind = models.CharField(max_length=20, choices=fault_kinds)
    percent = models.PositiveSmallIntegerField(default=100)
    most = models.PositiveIntegerField(null=True, help_text="How many calls at most.")
    injected = models.PositiveIntegerField(default=0)
    seconds = models.PositiveSmallIntegerField(default=0)
    milliseconds = models.PositiveSmallIntegerField(default=0)
    started_by = models.CharField(max_length=64, help_text="The provider's key of the user.")
    started_by_name = models.CharField(max_length=255)
    at = models.DateTimeField()
    until = models.DateTimeField()

    objects = FaultQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["tenant_id", "until"], name="fault_by_tenant_and_end")]

    def __str__(self) -> str:
        return f"{self.kind} until {self.until:%Y-%m-%d %H:%M:%S}"

    @property
    def left(self) -> int | None:
        """How many calls are still to be hit; None where only the time ends it."""
        return None if self.most is None else self.most - self.injected


def forget_faults(now: datetime) -> int:
    """Remove faults whose time is over; returns how many."""
    removed, _by_model = InjectedFault.objects.filter(until__lte=now).delete()
    return removed


def forget_answers(now: datetime) -> int:
    """Remove answers that nobody repeats any more; returns how many."""
    removed, _by_model = RememberedAnswer.objects.filter(at__lt=now - REMEMBERED_FOR).delete()
    return removed
