"""What a token request demands of the sign-in that it builds on: nobody is asked here, so it is met or refused.

An API that wants more refuses a token with a claims challenge; the client repeats that to the token endpoint. Were it
passed over there, the client would get the same token again, and never ask the person (RFC 9470 section 4).
"""

from typing import Any

from entra.oauth.claims_parameter import requested, values_of
from entra.oauth.errors import OAuthError
from entra.oauth.models import Grant
from entra.signin.decide import AUTHENTICATION_CONTEXTS
from entra.signin.evidence import MFA_AMR, Evidence

_KNOWN_CAPABILITIES = frozenset({"cp1"})


def check_demands(claims: dict[str, Any], grant: Grant) -> tuple[str, ...]:
    """Return the authentication contexts asked for and met. Raises OAuthError for an essential value that is unmet."""
    mfa = "mfa" in grant.amr
    evidence = Evidence(amr=tuple(grant.amr), mfa=mfa, auth_time=grant.auth_time)
    acr, amr, acrs = (requested(claims, name)[0] for name in ("acr", "amr", "acrs"))
    unmet = (
        (acr and not any(evidence.meets_acr(value) for value in acr))
        or (amr and not {*grant.amr, *(MFA_AMR if mfa else ())}.intersection(amr))
        or (acrs and not AUTHENTICATION_CONTEXTS.intersection(acrs if mfa else ()))
    )
    if unmet:
        raise OAuthError("interaction_required", 50076)
    return tuple(value for value in acrs if value in AUTHENTICATION_CONTEXTS)


def capabilities(claims: dict[str, Any]) -> tuple[str, ...]:
    """What the client says it understands, as far as APIs here ask: `cp1` stands for claims challenges."""
    asked = claims["access_token"].get("xms_cc")
    said = {value.lower() for value in values_of(asked)} if asked is not None else set()
    return tuple(sorted(said & _KNOWN_CAPABILITIES))
