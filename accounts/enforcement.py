"""Whether MFA is enforced for an account, by which option, and what stands against it (requirements Q2, Q9)."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Option(StrEnum):
    """The ways to enforce MFA that count (Q9)."""

    PER_USER = "per-user"
    SECURITY_DEFAULTS = "security-defaults"
    CONDITIONAL_ACCESS = "conditional-access"
    FEDERATION = "federation"

    @property
    def label(self) -> Promise:
        return _OPTIONS[self]


_OPTIONS = {
    Option.PER_USER: _("Per-user MFA"),
    Option.SECURITY_DEFAULTS: _("Security defaults"),
    Option.CONDITIONAL_ACCESS: _("Conditional access"),
    Option.FEDERATION: _("Federation that relays the proof"),
}


class Obstacle(StrEnum):
    """Why MFA is not enforced for an account; the one nearest to being enforced is named."""

    EXCLUDED = "excluded"
    CONDITIONAL = "conditional"
    REPORT_ONLY = "report-only"
    FEDERATED_WITHOUT_PROOF = "federated-without-proof"
    CUSTOM_CONTROL = "custom-control"
    NOTHING = "nothing"

    @property
    def label(self) -> Promise:
        return _OBSTACLES[self]


_OBSTACLES = {
    Obstacle.EXCLUDED: _("Excluded from the policy"),
    Obstacle.CONDITIONAL: _("The policy asks under conditions only"),
    Obstacle.REPORT_ONLY: _("The policy only reports"),
    Obstacle.FEDERATED_WITHOUT_PROOF: _("The organization's own provider sends no proof of MFA"),
    Obstacle.CUSTOM_CONTROL: _("A custom control, which never counts as MFA"),
    Obstacle.NOTHING: _("No option is switched on for the account"),
}
