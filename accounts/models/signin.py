from enum import StrEnum

from django.db import models

from accounts.models.held import HeldPost
from accounts.models.session import PortalSession


class Purpose(StrEnum):
    LOGIN = "login"
    STEP_UP = "stepup"


class Result(StrEnum):
    """How a request to the provider ended; empty while it is open."""

    SATISFIED = "satisfied"
    UNSATISFIED = "unsatisfied"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"
    FAILED = "failed"


def purpose_choices() -> list[tuple[str, str]]:
    return [(purpose.value, purpose.name) for purpose in Purpose]


def result_choices() -> list[tuple[str, str]]:
    return [(result.value, result.name) for result in Result]


class SignInRequest(models.Model):
    """One authorize request: all that its answer is checked against, kept here and found by the state.

    A row each, so parallel tabs do not disturb each other. Bound to the browser by a cookie's hash, and for a
    step-up also to the session, whose user must come back (ASVS 10.1.2).
    """

    state_hash = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64)
    nonce = models.CharField(max_length=64)
    code_verifier = models.CharField(max_length=128)
    provider = models.CharField(max_length=255)
    purpose = models.CharField(max_length=10, choices=purpose_choices)
    session = models.ForeignKey(
        PortalSession, null=True, blank=True, on_delete=models.CASCADE, related_name="sign_in_requests"
    )
    # Where the person is sent to, when it is not to the own organization: guests sign in at the one visited (M15).
    tenant_id = models.UUIDField(null=True, blank=True)
    area = models.CharField(max_length=40, blank=True)
    max_age = models.PositiveIntegerField(null=True, blank=True)
    next = models.TextField()
    held_post = models.ForeignKey(HeldPost, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(db_index=True)
    # A form_post answer arrives without cookies (SameSite); it is kept, sealed, until the browser comes by GET.
    answer = models.TextField(blank=True)
    answer_hash = models.CharField(max_length=64, blank=True, db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=12, choices=result_choices, blank=True)

    class Meta:
        indexes = [models.Index(fields=["session", "created_at"], name="signin_session_created")]

    def __str__(self) -> str:
        return f"{self.purpose} at {self.created_at:%Y-%m-%d %H:%M}"
