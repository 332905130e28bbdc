"""Files sent with a request or a reply. The bytes have a table of their own, so that lists never read them."""

import uuid
from typing import Self

from django.db import models

from accounts.models import User
from support.models.request import CustomerRequest, Note


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(request__partner_id=user.tenant_id)


class Attachment(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(CustomerRequest, on_delete=models.CASCADE, related_name="attachments")
    note = models.ForeignKey(Note, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=90, help_text="Of the kind found in the content, not as claimed.")
    size = models.PositiveIntegerField(help_text="Bytes")
    added_by_name = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "name"]

    def __str__(self) -> str:
        return self.name


class AttachmentContent(models.Model):
    """In the database rather than on disk: web processes hold no state, any of them may serve it."""

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, primary_key=True, related_name="content")
    data = models.BinaryField()

    def __str__(self) -> str:
        return str(self.attachment_id)
