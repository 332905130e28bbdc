"""What a provider's error answer to an authorize request means for the person (entra.md names; OIDC Core 3.1.2.6)."""

import re
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Failure(StrEnum):
    CANCELLED = "cancelled"
    INCOMPATIBLE = "incompatible"
    UNMET = "unmet"
    CONSENT = "consent"
    PROVIDER = "provider"


_CODE = re.compile(r"AADSTS(\d{5,7})")
_EXTERNAL_CHALLENGE = "50158"
_DECLINED = frozenset({"", "50008", "65004", "500121"})
"""Of `access_denied`: the person gave up, at the provider or at the organization's own. Everything else was decided."""
_MFA_CODES = frozenset({"50072", "50074", "50076", "50078", "50079", "50161", "500121", "53004"})
_UNMET = frozenset({"unmet_authentication_requirements", "interaction_required", "insufficient_user_authentication"})
_NOT_PROVEN = _(
    "Your organization requires multifactor authentication, and it was not proven. Tell your administrator."
)
REASONS: dict[str, Promise] = {
    "50020": _("This account does not exist in the organization. Sign in with another one."),
    "50057": _("This account is disabled. An administrator of your organization can enable it."),
    "50079": _NOT_PROVEN,
    "50158": _("The further check that your organization asks for was not passed."),
    "53003": _("A policy of your organization does not let you sign in from here."),
    "75011": _NOT_PROVEN,
}
"""What an AADSTS number means for somebody who wanted to sign in. Other numbers are shown as they are."""


def aadsts_code(description: str) -> str:
    """Return the number after AADSTS at the start of an error description, or an empty string."""
    found = _CODE.match(description)
    return found[1] if found else ""


def classify(error: str, description: str) -> Failure:
    """Return what happened. Only 50158 says that the tenant's MFA can never be recognized (V4)."""
    code = aadsts_code(description)
    if code == _EXTERNAL_CHALLENGE:
        return Failure.INCOMPATIBLE
    if code == "65004" or (error == "access_denied" and code in _DECLINED):
        return Failure.CANCELLED
    if error == "consent_required":
        return Failure.CONSENT
    if code in _MFA_CODES or error in _UNMET:
        return Failure.UNMET
    return Failure.PROVIDER
