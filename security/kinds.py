"""The words an alert is described with, as values that the pure rules can use too."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AlertKind(TextChoices):
    UNUSUAL_SIGN_IN = "unusual-sign-in", _("Unusual sign-in")
    REFUSED_STEP_UPS = "refused-step-ups", _("Many failed verifications")
    MASS_ROLE_CHANGE = "mass-role-change", _("Many role changes")
    NEW_APP_NETWORK = "new-app-network", _("Application used from a new network")
    MFA_REFUSALS = "mfa-refusals", _("Many calls refused for lack of MFA")


class Level(TextChoices):
    """Of severity and of confidence; confidence is never informational."""

    INFORMATIONAL = "informational", _("Informational")
    LOW = "low", pgettext_lazy("severity", "Low")
    MEDIUM = "medium", pgettext_lazy("severity", "Medium")
    HIGH = "high", pgettext_lazy("severity", "High")


class AlertStatus(TextChoices):
    ACTIVE = "active", pgettext_lazy("alert", "Active")
    INVESTIGATING = "investigating", _("Investigating")
    RESOLVED = "resolved", pgettext_lazy("alert", "Resolved")


class ResolvedReason(TextChoices):
    LEGITIMATE = "legitimate", _("Legitimate: it was meant to happen")
    IGNORE = "ignore", _("Ignored: it does not matter")
    FRAUD = "fraud", _("Fraud: somebody had no right to it")


def alert_kinds() -> list[tuple[str, Any]]:
    return list(AlertKind.choices)


def levels() -> list[tuple[str, Any]]:
    return list(Level.choices)


def alert_statuses() -> list[tuple[str, Any]]:
    return list(AlertStatus.choices)


def resolved_reasons() -> list[tuple[str, Any]]:
    return list(ResolvedReason.choices)
