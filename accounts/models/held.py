import uuid

from django.db import models

from accounts.models.session import PortalSession


class HeldPost(models.Model):
    """A form that met a step-up: kept sealed for ten minutes for this session, shown again, never replayed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    session = models.ForeignKey(PortalSession, on_delete=models.CASCADE, related_name="held_posts")
    path = models.TextField()
    fields = models.TextField()
    dropped = models.JSONField(default=list)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.path


class HeldUpload(models.Model):
    """A file that came with a held form, kept as a draft and attached again when the form is sent."""

    post = models.ForeignKey(HeldPost, on_delete=models.CASCADE, related_name="uploads")
    field = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    content = models.TextField()

    def __str__(self) -> str:
        return self.name
