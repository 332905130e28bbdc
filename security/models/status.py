"""What was found about a partner tenant's security requirements, kept so that pages and mails need not ask again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enforcement import Obstacle, Option
from accounts.models import PartnerTenant


def options() -> list[tuple[str, str]]:
    return [(option.value, option.name) for option in Option]


def obstacles() -> list[tuple[str, str]]:
    return [(obstacle.value, obstacle.name) for obstacle in Obstacle]


class StatusSnapshot(models.Model):
    """The three figures of one day (UTC), taken daily and on demand; the last one of a day stays (Q1 to Q4)."""

    tenant = models.ForeignKey(PartnerTenant, on_delete=models.CASCADE, related_name="status_snapshots")
    day = models.DateField()
    taken_at = models.DateTimeField()
    # Metric 1; null while the directory could not be read.
    enabled_accounts = models.PositiveIntegerField(null=True)
    enforced_accounts = models.PositiveIntegerField(null=True)
    problem = models.CharField(
        max_length=200, blank=True, help_text="The directory's own word for why it was not read."
    )
    portal_operations = models.PositiveBigIntegerField()
    portal_with_mfa = models.PositiveBigIntegerField()
    api_requests = models.PositiveBigIntegerField()
    api_with_mfa = models.PositiveBigIntegerField()
    score = models.DecimalField(max_digits=4, decimal_places=1, help_text="The security score, of 100 (M6).")
    score_rules = models.CharField(max_length=16, help_text="The version of the rules it was reckoned by.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "day"], name="one_status_snapshot_a_day")]
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.tenant_id} on {self.day}"


class AccountStatus(models.Model):
    """Whether MFA is enforced for one account of the directory, as the last reading found (Q2, Q9)."""

    tenant = models.ForeignKey(PartnerTenant, on_delete=models.CASCADE, related_name="account_statuses")
    user_id = models.CharField(_("user id"), max_length=64, help_text="The directory's object id.")
    display_name = models.CharField(_("name"), max_length=255)
    user_principal_name = models.CharField(_("user principal name"), max_length=255)
    guest = models.BooleanField(_("guest"))
    enabled = models.BooleanField(_("enabled"))
    registered = models.BooleanField(_("MFA method registered"))
    enforced_by = models.CharField(_("enforced by"), max_length=32, choices=options, blank=True)
    obstacle = models.CharField(_("why not"), max_length=32, choices=obstacles, blank=True)
    policy = models.CharField(
        _("policy"), max_length=256, blank=True, help_text="The policy that enforces it, or that stands against it."
    )
    is_admin = models.BooleanField(_("administrator"), null=True, help_text="Null: the directory did not tell.")
    assessed_at = models.DateTimeField(_("assessed"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user_id"], name="one_status_an_account")]
        ordering = ["display_name", "user_id"]

    def __str__(self) -> str:
        return self.user_principal_name
