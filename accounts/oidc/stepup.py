"""How MFA is asked of a provider, and what in its answer proves it: one strategy per kind of provider.

No single parameter works everywhere: Entra v2 refuses `amr_values` (AADSTS901002) and never puts `amr` in an ID
token; Keycloak wants `acr`. The answer is checked in any case, because a person can edit the request's URL.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.evidence import Evidence, Outcome


class Strategy(StrEnum):
    CLAIMS_AMR = "claims-amr"
    AMR_VALUES = "amr-values"
    AUTH_CONTEXT = "auth-context"
    ACR = "acr"


PRESETS: dict[Strategy, tuple[str, ...]] = {
    Strategy.CLAIMS_AMR: ("mfa",),
    Strategy.AMR_VALUES: ("mfa", "ngcmfa"),
    Strategy.AUTH_CONTEXT: ("c1",),
    Strategy.ACR: ("2",),
}


def configured() -> tuple[Strategy, tuple[str, ...]]:
    """Return the strategy in force and the values that prove MFA (OIDC_STEP_UP_STRATEGY, OIDC_STEP_UP_VALUES)."""
    strategy = Strategy(settings.OIDC_STEP_UP_STRATEGY)
    return strategy, tuple(settings.OIDC_STEP_UP_VALUES) or PRESETS[strategy]


def request_parameters(*, max_age: int | None, login_hint: str, takes_claims: bool) -> dict[str, str]:
    """Return what an authorize request for MFA adds. `max_age` is in seconds, None when any proof will do.

    `takes_claims`: the provider announces the `claims` parameter. Others are asked by `acr_values`, never both ways
    at once: what comes of that is unspecified (Core 5.5.1.1), and the wish wins over the demand at some providers.
    """
    strategy, values = configured()
    parameters = {}
    if strategy is Strategy.AMR_VALUES:
        parameters["amr_values"] = values[0]
    elif strategy is Strategy.ACR and not takes_claims:
        parameters["acr_values"] = " ".join(values)
    else:
        parameters["claims"] = json.dumps({"id_token": _claims(strategy, values)}, separators=(",", ":"))
    if max_age is not None:
        parameters["max_age"] = str(max_age)
    if login_hint:
        parameters["login_hint"] = login_hint
    return parameters


def _claims(strategy: Strategy, values: Sequence[str]) -> dict[str, Any]:
    if strategy is Strategy.AUTH_CONTEXT:
        return {"acrs": {"essential": True, "value": values[0]}, "auth_time": None}
    name = "amr" if strategy is Strategy.CLAIMS_AMR else "acr"
    return {name: {"essential": True, "values": list(values)}, "auth_time": None}


def proves_mfa(claims: Mapping[str, Any]) -> bool:
    """Tell whether validated ID-token claims prove MFA under the strategy in force. Exact values only."""
    strategy, values = configured()
    if strategy is Strategy.ACR:
        return claims.get("acr") in values
    listed = _acrs(claims) if strategy is Strategy.AUTH_CONTEXT else _strings(claims.get("amr"))
    return any(value in values for value in listed)


def told_by(evidence: Evidence) -> tuple[str, ...]:
    """Return the values of the claim that the strategy in force looks at."""
    strategy, _values = configured()
    if strategy is Strategy.ACR:
        return (evidence.acr,) if evidence.acr else ()
    return evidence.acrs if strategy is Strategy.AUTH_CONTEXT else evidence.amr


def evidence_from(claims: Mapping[str, Any]) -> Evidence:
    """Return the evidence that validated ID-token claims amount to."""
    return Evidence(
        provider=str(claims["iss"]),
        outcome=Outcome.MFA if proves_mfa(claims) else Outcome.SINGLE_FACTOR,
        at=timezone.now(),
        amr=_strings(claims.get("amr")),
        acr=claims["acr"] if isinstance(claims.get("acr"), str) else "",
        acrs=_acrs(claims),
        auth_time=_moment(claims.get("auth_time")),
    )


def _moment(value: object) -> datetime | None:
    """Seconds since 1970 as a moment; None for what is none, such as milliseconds: unknown, so never fresh."""
    try:
        return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else None
    except (ValueError, OverflowError, OSError):
        return None


def _acrs(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Some providers send a single authentication context as a string instead of an array."""
    value = claims.get("acrs")
    return (value,) if isinstance(value, str) else _strings(value)


def _strings(value: object) -> tuple[str, ...]:
    """A JSON array of strings as a tuple. Anything else proves nothing."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
