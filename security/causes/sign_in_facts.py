"""What a row of the sign-in log says about MFA, in the words of the provider here or of Microsoft's directory (Q5)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.users import person
from security.causes.rules import Condition, Defaults, SignInFacts
from security.proofs import PROVEN

Row = Mapping[str, Any]
_LEGACY = frozenset({"ropc", "Other clients"})
_POLICY = "policy:"
_CONDITIONS = {
    "locationNotIncluded": Condition.LOCATION,
    "locationExcluded": Condition.LOCATION,
    "applicationNotIncluded": Condition.APPLICATION,
    "applicationExcluded": Condition.APPLICATION,
    # Microsoft's `conditionsNotSatisfied`
    "location": Condition.LOCATION,
    "application": Condition.APPLICATION,
    "devicePlatform": Condition.PLATFORM,
    "clientType": Condition.CLIENT,
    "deviceState": Condition.DEVICE,
    "client": Condition.DEVICE,
    "signInRisk": Condition.RISK,
    "userRisk": Condition.RISK,
}


def moment_of(row: Row) -> datetime | None:
    return person.moment_of(row.get("createdDateTime"))


def succeeded(row: Row) -> bool:
    return _error_code(row) == 0


def is_legacy(row: Row) -> bool:
    """A password that an application sent: nobody could be asked for more (V14)."""
    return not _LEGACY.isdisjoint({row.get("authenticationProtocol"), row.get("clientAppUsed")})


def turned_away(row: Row) -> bool:
    """A password sent by an application and refused, whatever for but a wrong password."""
    return is_legacy(row) and _error_code(row) not in {0, None, 50126, 50053, 50057}


def with_mfa(row: Row) -> bool:
    """The provider here says it by `amr`, Microsoft's by the requirement met and by the steps."""
    amr = row.get("amr")
    if isinstance(amr, list):
        return "mfa" in amr
    if row.get("authenticationRequirement") == "multiFactorAuthentication":
        return True
    return any(_is_proof(step) for step in row.get("authenticationDetails") or ())


def _is_proof(step: Row) -> bool:
    said = {step.get("authenticationMethodDetail"), step.get("authenticationStepResultDetail")}
    return step.get("succeeded") is True and not said.isdisjoint(PROVEN)


def newest_without_mfa(rows: Sequence[Row], application: str, before: datetime) -> Row | None:
    """The sign-in that a later operation without MFA is owed to; `rows` newest first."""
    for row in rows:
        at = moment_of(row)
        if at is not None and at <= before and _is_of(row, application) and succeeded(row) and not with_mfa(row):
            return row
    return None


def refused_after(rows: Sequence[Row], application: str, since: datetime) -> bool:
    """Whether a password was turned away at the application after that moment."""
    return any(
        _is_of(row, application) and turned_away(row) and (at := moment_of(row)) is not None and at > since
        for row in rows
    )


def facts_of(row: Row) -> SignInFacts | None:
    at = moment_of(row)
    if at is None:
        return None
    defaults, until = _defaults(row)
    return SignInFacts(
        at=at,
        id=str(row.get("id") or ""),
        correlation_id=str(row.get("correlationId") or ""),
        legacy=is_legacy(row),
        defaults=defaults,
        waits_until=until,
        conditions=dict(_conditions(row)),
    )


def _defaults(row: Row) -> tuple[Defaults | None, datetime | None]:
    for rule in row.get("weighedRules") or ():
        if rule.get("rule") == "securityDefaults" and rule.get("why") in list(Defaults):
            return Defaults(rule["why"]), person.moment_of(rule.get("registerBy"))
    return None, None


def _conditions(row: Row) -> Iterator[tuple[str, Condition]]:
    for rule in row.get("weighedRules") or ():
        if str(rule.get("rule")).startswith(_POLICY) and rule.get("why") in _CONDITIONS:
            yield str(rule["rule"]).removeprefix(_POLICY), _CONDITIONS[rule["why"]]
    for policy in row.get("appliedConditionalAccessPolicies") or ():
        words = str(policy.get("conditionsNotSatisfied") or "").split(",")
        named = next((_CONDITIONS[word.strip()] for word in words if word.strip() in _CONDITIONS), None)
        if named is not None:
            yield str(policy.get("displayName")), named


def _is_of(row: Row, application: str) -> bool:
    return str(row.get("appId")).lower() == application.lower()


def _error_code(row: Row) -> int | None:
    status = row.get("status")
    code = status.get("errorCode") if isinstance(status, Mapping) else None
    return code if isinstance(code, int) else None
