"""The sign-in log: how each request of a person ended, and every rule that was weighed for it."""

import uuid

from django.db import models

from entra.directory.models import Tenant, User


class SignInResult(models.TextChoices):
    SUCCESS = "success"
    FAILURE = "failure"
    INTERRUPTED = "interrupted"
    """The person has something to do first, or turned away."""


class ClientApp(models.TextChoices):
    """How the request came in, in the words of Microsoft Graph (`clientAppUsed`)."""

    BROWSER = "Browser"
    APPLICATION = "Mobile Apps and Desktop clients"
    """No browser: the application sent a refresh token or a password."""


class Protocol(models.TextChoices):
    """By which way of OAuth 2.0, in the words of Microsoft Graph (`authenticationProtocol`)."""

    OAUTH2 = "oAuth2"
    PASSWORD_GRANT = "ropc"
    DEVICE_CODE = "deviceCode"


class PolicyStatus(models.TextChoices):
    """What conditional access came to (`conditionalAccessStatus`)."""

    SUCCESS = "success"
    FAILURE = "failure"
    NOT_APPLIED = "notApplied"


def sign_in_results() -> list[tuple[str, str]]:
    return list(SignInResult.choices)


def client_apps() -> list[tuple[str, str]]:
    return list(ClientApp.choices)


def protocols() -> list[tuple[str, str]]:
    return list(Protocol.choices)


def policy_statuses() -> list[tuple[str, str]]:
    return list(PolicyStatus.choices)


class SignIn(models.Model):
    """One answered request, or one wrong password or code. No names typed, no secrets.

    `tenant` is the tenant in whose log the row stands: the resource tenant, or the home tenant of an account that has
    no place in the resource tenant. Times inside the JSON are seconds before `at`, so that one column ages the row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(db_index=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="sign_ins")
    account = models.ForeignKey(
        User,
        null=True,
        on_delete=models.CASCADE,
        related_name="sign_ins",
        help_text="The account in that tenant; null for a wrong password at a name that nobody has.",
    )
    home_tenant_id = models.UUIDField()
    resource_tenant_id = models.UUIDField()
    application_id = models.UUIDField()
    application_name = models.CharField(max_length=120, blank=True)
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)
    client_app = models.CharField(max_length=40, choices=client_apps, default=ClientApp.BROWSER)
    protocol = models.CharField(max_length=16, choices=protocols, default=Protocol.OAUTH2)
    interactive = models.BooleanField(help_text="A page was shown.")
    correlation_id = models.UUIDField()
    result = models.CharField(max_length=16, choices=sign_in_results)
    error_code = models.PositiveIntegerField(default=0, help_text="The AADSTS code; 0 is success.")
    amr = models.JSONField(default=list)
    proofs = models.JSONField(default=list, help_text="What was proven: method, source, succeeded, age in seconds.")
    mfa_required = models.BooleanField(default=False)
    mfa_satisfied = models.BooleanField(default=False)
    federated = models.BooleanField(default=False)
    policy_status = models.CharField(max_length=16, choices=policy_statuses, default=PolicyStatus.NOT_APPLIED)
    weighed = models.JSONField(default=list, help_text="Every rule that was weighed: rule, applies, why, result.")

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-at", "-id"], name="sign_in_by_tenant_and_time"),
            models.Index(fields=["account", "-at"], name="sign_in_by_account_and_time"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.result} {self.error_code}"
