"""Customer requests (M4) with their notes, and how many there are. Field names follow the REST service request."""

import uuid
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from customers.models import Customer
from support.models.topic import SupportTopic, support_topics


class Severity(models.TextChoices):
    CRITICAL = "critical", _("Critical")
    MODERATE = "moderate", _("Moderate")
    MINIMAL = "minimal", _("Minimal")


class RequestStatus(models.TextChoices):
    OPEN = "open", _("Open")
    ATTENTION_NEEDED = "attention_needed", _("Attention needed")
    CLOSED = "closed", _("Closed")


def severities() -> list[tuple[str, Any]]:
    return list(Severity.choices)


def request_statuses() -> list[tuple[str, Any]]:
    return list(RequestStatus.choices)


class CustomerRequestQuerySet(models.QuerySet["CustomerRequest"]):
    def visible_to(self, user: Actor) -> Self:
        """The requests of the user's own partner tenant."""
        return self.filter(partner_id=user.tenant_id)

    def open(self) -> Self:
        return self.exclude(status=RequestStatus.CLOSED)


class CustomerRequest(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=16, unique=True, help_text="What people say on the telephone.")
    partner = models.ForeignKey("accounts.PartnerTenant", on_delete=models.CASCADE, related_name="customer_requests")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="requests")
    title = models.CharField(max_length=160)
    description = models.TextField()
    severity = models.CharField(max_length=10, choices=severities, default=Severity.MODERATE)
    topic = models.PositiveIntegerField(choices=support_topics, default=SupportTopic.OTHER)
    status = models.CharField(max_length=18, choices=request_statuses, default=RequestStatus.OPEN)
    product_name = models.CharField(max_length=80, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    created_by_name = models.CharField(max_length=200)
    last_updated_by = models.CharField(max_length=200)
    created_date = models.DateTimeField()
    last_modified_date = models.DateTimeField()
    last_closed_date = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField()

    objects = CustomerRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["partner", "last_modified_date", "id"], name="requests_by_change"),
            models.Index(fields=["partner", "created_date", "id"], name="requests_by_age"),
            models.Index(fields=["partner", "title", "id"], name="requests_by_title"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_closed(self) -> bool:
        return self.status == RequestStatus.CLOSED


class Note(models.Model):
    request = models.ForeignKey(CustomerRequest, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    created_by_name = models.CharField(max_length=200)
    created_date = models.DateTimeField()

    class Meta:
        ordering = ["created_date", "id"]

    def __str__(self) -> str:
        return f"{self.created_by_name}: {self.text[:40]}"


class RequestCount(models.Model):
    """How many requests a partner has and how many are open, written with each change."""

    partner = models.OneToOneField(
        "accounts.PartnerTenant", on_delete=models.CASCADE, primary_key=True, related_name="request_count"
    )
    total = models.PositiveIntegerField(default=0)
    open = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.open}/{self.total}"
