"""What a provider's error answer to an authorize request means for the person (entra.md names; OIDC Core 3.1.2.6)."""

import re
from enum import StrEnum


class Failure(StrEnum):
    CANCELLED = "cancelled"
    INCOMPATIBLE = "incompatible"
    UNMET = "unmet"
    CONSENT = "consent"
    PROVIDER = "provider"


_CODE = re.compile(r"AADSTS(\d{5,7})")
_EXTERNAL_CHALLENGE = "50158"
_DECLINED = "65004"
_MFA_CODES = frozenset({"50072", "50074", "50076", "50078", "50079", "50161", "500121", "53004"})
_UNMET = frozenset({"unmet_authentication_requirements", "interaction_required", "insufficient_user_authentication"})


def aadsts_code(description: str) -> str:
    """Return the number after AADSTS at the start of an error description, or an empty string."""
    found = _CODE.match(description)
    return found[1] if found else ""


def classify(error: str, description: str) -> Failure:
    """Return what happened. Only 50158 says that the tenant's MFA can never be recognized (V4)."""
    code = aadsts_code(description)
    if code == _EXTERNAL_CHALLENGE:
        return Failure.INCOMPATIBLE
    if code == _DECLINED or error == "access_denied":
        return Failure.CANCELLED
    if error == "consent_required":
        return Failure.CONSENT
    if code in _MFA_CODES or error in _UNMET:
        return Failure.UNMET
    return Failure.PROVIDER
