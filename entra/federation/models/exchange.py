"""Questions sent through the browser to a third party, and the validated answers that wait for that browser.

The answer arrives as a POST from a foreign site, which brings no cookie. It is validated and stored under a random
id; the browser then comes by GET, with its cookie, and only there is the answer given to the interaction.
"""

import secrets

from django.db import models

from entra.federation.models.domain import FederatedDomain
from entra.policy.models import CustomControl


def question_id() -> str:
    """An XML ID (it must not start with a digit) of 160 random bits."""
    return "_" + secrets.token_hex(20)


def answer_id() -> str:
    return secrets.token_urlsafe(32)


MESSAGE_ID_LENGTH = 200


class AskedQuestion(models.Model):
    """An AuthnRequest, or a request to a custom control. Its id comes back as InResponseTo. Answered once at most."""

    id = models.CharField(primary_key=True, max_length=48, default=question_id, editable=False)
    interaction_id = models.CharField(max_length=40, help_text="The sign-in that waits. By value: it lives above.")
    federated_domain = models.ForeignKey(FederatedDomain, null=True, on_delete=models.CASCADE)
    custom_control = models.ForeignKey(CustomControl, null=True, on_delete=models.CASCADE)
    subject = models.CharField(max_length=320, blank=True, help_text="The sign-in name asked about, when known.")
    wants_fresh = models.BooleanField(default=False)
    wants_mfa = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(federated_domain__isnull=True) ^ models.Q(custom_control__isnull=True),
                name="question_is_for_one_third_party",
            )
        ]

    def __str__(self) -> str:
        return self.id


class Answer(models.Model):
    """A validated answer on its way to the interaction. Taken once."""

    id = models.CharField(primary_key=True, max_length=48, default=answer_id, editable=False)
    question = models.OneToOneField(AskedQuestion, on_delete=models.CASCADE)
    outcome = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)
    taken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"answer to {self.question_id}"


class SpentMessage(models.Model):
    """An assertion or signed answer that was accepted; the same one is refused until it has expired (ASVS 6.8.3)."""

    issuer = models.CharField(max_length=300)
    message_id = models.CharField(max_length=MESSAGE_ID_LENGTH)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "message_id"], name="message_is_spent_once")]

    def __str__(self) -> str:
        return f"{self.message_id} of {self.issuer}"
