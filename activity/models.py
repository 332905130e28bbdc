"""The operation log (requirements Q3, Q10) and the audit log. No foreign keys: both outlive what they mention."""

import uuid
from typing import Any, NoReturn, Self, TypeVar

from django.db import models
from django.utils import timezone

M = TypeVar("M", bound=models.Model)


class OperationRecord(models.Model):
    """One portal operation (Q10). Written by `activity.middleware`, never through this class."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    tenant_id = models.UUIDField()
    user_id = models.CharField(max_length=64, help_text="The provider's key of the user, not the portal's row.")
    user_name = models.CharField(max_length=255)
    area = models.CharField(max_length=40)
    path = models.CharField(max_length=255)
    mfa = models.BooleanField(help_text="The session held MFA evidence when the operation was answered.")

    class Meta:
        indexes = [models.Index(fields=["tenant_id", "at"], name="operation_by_tenant_and_time")]

    def __str__(self) -> str:
        return f"{self.user_name} {self.area} at {self.at:%Y-%m-%d %H:%M:%S}"


NO_MFA = "900421"
"""The code of a call that was refused because its token carried no MFA (A3)."""


class ApiRequest(models.Model):
    """One authenticated call of the REST API, refused ones included (Q4, Q10). Written by `api.dispatch`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    tenant_id = models.UUIDField()
    user_id = models.CharField(max_length=64, help_text="The provider's key of the user; empty for an app by itself.")
    user_name = models.CharField(max_length=255)
    application_id = models.CharField(max_length=64)
    operation = models.CharField(max_length=120, help_text="Method and path template.")
    path = models.CharField(max_length=255)
    ip = models.CharField(max_length=45)
    status = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20, help_text="Of the refusal; empty where there was none.")
    mfa = models.BooleanField(help_text="The token said that MFA was done.")
    request_id = models.CharField(max_length=64)
    correlation_id = models.CharField(max_length=64)
    claims = models.TextField(help_text="JSON: what the token said about how it came to be; never the token.")

    class Meta:
        indexes = [
            models.Index(fields=["tenant_id", "at"], name="api_request_by_tenant_and_time"),
            models.Index(fields=["correlation_id"], name="api_request_by_correlation"),
            models.Index(
                fields=["tenant_id", "at"], name="api_request_refused_for_mfa", condition=models.Q(code=NO_MFA)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} at {self.at:%Y-%m-%d %H:%M:%S}"


class Channel(models.TextChoices):
    """How an operation came in, as the security requirements tell them apart (Q3, Q4)."""

    PORTAL = "portal"
    APP_AND_USER = "app+user"
    APP_ONLY = "app-only"


def channels() -> list[tuple[str, str]]:
    return list(Channel.choices)


class DailyUse(models.Model):
    """What one person did on one day (UTC) by one way in, out of both logs. Kept by triggers, never written here."""

    tenant_id = models.UUIDField()
    day = models.DateField()
    channel = models.CharField(max_length=8, choices=channels)
    application_id = models.CharField(max_length=64, help_text="Empty in the portal.")
    user_id = models.CharField(max_length=64, help_text="Empty for an app by itself.")
    user_name = models.CharField(max_length=255, help_text="As of the last operation.")
    operations = models.PositiveBigIntegerField()
    with_mfa = models.PositiveBigIntegerField()
    last_at = models.DateTimeField()
    last_without_mfa_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "day", "channel", "application_id", "user_id"], name="daily_use_is_one_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_name} {self.channel} {self.day}: {self.with_mfa} of {self.operations}"


class DailyTotal(models.Model):
    """The sum of a tenant's `DailyUse` rows of one day and channel, so that a figure is read from seven rows."""

    tenant_id = models.UUIDField()
    day = models.DateField()
    channel = models.CharField(max_length=8, choices=channels)
    operations = models.PositiveBigIntegerField()
    with_mfa = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id", "day", "channel"], name="daily_total_is_one_row")]

    def __str__(self) -> str:
        return f"{self.channel} {self.day}: {self.with_mfa} of {self.operations}"


class AuditIsAppendOnly(Exception):
    """Someone tried to change or delete an audit record or its seal."""


class AppendOnlyQuerySet(models.QuerySet[M]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AuditIsAppendOnly

    def delete(self) -> NoReturn:
        raise AuditIsAppendOnly


class AuditQuerySet(AppendOnlyQuerySet["AuditRecord"]):
    def of_tenant(self, tenant_id: uuid.UUID) -> Self:
        return self.filter(tenant_id=tenant_id)


class AuditRecord(models.Model):
    """Who did what to what, written once by `activity.services.record_audit` in the transaction of the act itself."""

    at = models.DateTimeField(default=timezone.now)
    action = models.CharField(max_length=64)
    actor = models.CharField(max_length=255, help_text="User key, client id, or 'system'.")
    tenant_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=255)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["tenant_id", "at"], name="audit_by_tenant_and_time")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject} by {self.actor}"


class AuditSeal(models.Model):
    """One audit record's place in the chain (`activity.chain`). Written by `activity.sealing`."""

    sequence = models.PositiveBigIntegerField(primary_key=True, help_text="1, 2, 3 and so on, without gaps.")
    record = models.OneToOneField(AuditRecord, on_delete=models.DO_NOTHING, related_name="seal")
    digest = models.CharField(max_length=64, help_text="Over the digest before, the sequence and the record.")

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest}"
