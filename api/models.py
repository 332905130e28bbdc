"""What the REST API keeps of its own: answers to calls that may be repeated."""

import uuid
from datetime import datetime, timedelta

from django.db import models

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


def forget_answers(now: datetime) -> int:
    """Remove answers that nobody repeats any more; returns how many."""
    removed, _by_model = RememberedAnswer.objects.filter(at__lt=now - REMEMBERED_FOR).delete()
    return removed
