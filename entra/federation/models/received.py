"""What third parties answered lately, for the administrators who ask why it was no proof of MFA (V4, V8, V9)."""

import uuid

from django.db import models

from entra.directory.models import Tenant
from entra.federation.claims import LONGEST
from entra.federation.errors import Refusal
from entra.federation.missing import Missing


class ThirdParty(models.TextChoices):
    DOMAIN = "domain", "The identity provider of a federated domain"
    CONTROL = "customControl", "A custom control"


class Reception(models.TextChoices):
    ACCEPTED = "accepted", "Believed"
    DECLINED = "declined", "Believed, and it says no"
    REFUSED = "refused", "Not believed"


def third_parties() -> list[tuple[str, str]]:
    return list(ThirdParty.choices)


def receptions() -> list[tuple[str, str]]:
    return list(Reception.choices)


def refusals() -> list[tuple[str, str]]:
    return [(refusal.value, refusal.name) for refusal in Refusal]


def missing_proofs() -> list[tuple[str, str]]:
    return [(missing.value, missing.name) for missing in Missing]


class ReceivedAnswer(models.Model):
    """The last answer to one question of ours. Questions, third parties and people by value: rows outlive them.

    Nothing in it is a proof of anything: what a stranger sent is kept as it came, `authentic` or not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question_id = models.CharField(max_length=48, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="received_answers")
    kind = models.CharField(max_length=16, choices=third_parties)
    domain = models.CharField(max_length=253, blank=True)
    control_id = models.UUIDField(null=True)
    control_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(db_index=True)
    account_id = models.UUIDField(null=True, help_text="Whom the answer names, where that is an account of the tenant.")
    name = models.CharField(max_length=LONGEST, blank=True, help_text="The sign-in name asserted.")
    reception = models.CharField(max_length=16, choices=receptions)
    refusal = models.CharField(max_length=32, blank=True, choices=refusals)
    detail = models.CharField(max_length=LONGEST, blank=True, help_text="What exactly was refused.")
    error_code = models.PositiveIntegerField(default=0, help_text="The AADSTS code; 0 when the sign-in went on.")
    authentic = models.BooleanField(help_text="Signed by the third party, for this very question.")
    name_id = models.CharField(max_length=LONGEST, blank=True)
    class_refs = models.JSONField(default=list)
    claims = models.JSONField(default=list, help_text="Attributes, or a control's claims: name and values.")
    proves_mfa = models.BooleanField(default=False)
    missing = models.CharField(max_length=32, blank=True, choices=missing_proofs)

    class Meta:
        indexes = [models.Index(fields=["tenant", "-at", "-id"], name="received_by_tenant_and_time")]

    def __str__(self) -> str:
        return f"{self.domain or self.control_name} {self.reception}"
