"""One sign-in, as the directory's log tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from accounts.users.forecast import Rule, rule_of
from accounts.users.person import moment_of

Row = Mapping[str, Any]
_SATISFIED = "MFA requirement satisfied"
_MULTI = "multiFactorAuthentication"


class Result(StrEnum):
    SUCCESS = "success"
    FAILURE = "failure"
    INTERRUPTED = "interrupted"
    """The person had something to do first, or turned away."""


@dataclass(frozen=True, slots=True)
class Step:
    method: str
    at: datetime | None
    succeeded: bool
    detail: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """`mfa`: it was proven. `mfa_asked`: a rule asked for it. `policies` is Graph's `conditionalAccessStatus`."""

    id: str
    at: datetime | None
    person: str
    sign_in_name: str
    user_id: str
    application: str
    app_id: str
    address: str
    client: str
    protocol: str
    browser: str
    interactive: bool
    result: Result
    error: int
    reason: str
    policies: str
    mfa: bool
    mfa_asked: bool
    correlation_id: str
    steps: tuple[Step, ...]
    rules: tuple[Rule, ...]


def sign_in_of(row: Row) -> SignIn:
    """Read a row of `auditLogs/signIns`, of the directory here or of Microsoft's. What it lacks stays empty."""
    status = row.get("status")
    words: Row = status if isinstance(status, Mapping) else {}
    error = words.get("errorCode")
    return SignIn(
        id=_text(row, "id"),
        at=moment_of(row.get("createdDateTime")),
        person=_text(row, "userDisplayName"),
        sign_in_name=_text(row, "userPrincipalName"),
        user_id=_text(row, "userId"),
        application=_text(row, "appDisplayName") or _text(row, "appId"),
        app_id=_text(row, "appId"),
        address=_text(row, "ipAddress"),
        client=_text(row, "clientAppUsed"),
        protocol=_text(row, "authenticationProtocol"),
        browser=_text(row, "userAgent"),
        interactive=row.get("isInteractive") is not False,
        result=_result(row, error),
        error=error if isinstance(error, int) else 0,
        reason=str(words.get("failureReason") or "") if error else "",
        policies=_text(row, "conditionalAccessStatus"),
        mfa=with_mfa(row),
        mfa_asked=row.get("authenticationRequirement") == _MULTI,
        correlation_id=_text(row, "correlationId"),
        steps=tuple(_step(one) for one in _rows(row, "authenticationDetails")),
        rules=_rules(row),
    )


def _result(row: Row, error: object) -> Result:
    told = row.get("result")
    if told in set(Result):
        return Result(told)
    return Result.SUCCESS if error == 0 else Result.FAILURE


def with_mfa(row: Row) -> bool:
    """Whether MFA was proven. Microsoft's directory does not say so itself: there it is read from what was asked."""
    told = row.get("mfaSatisfied")
    if isinstance(told, bool):
        return told
    status = row.get("status")
    words: Row = status if isinstance(status, Mapping) else {}
    if str(words.get("additionalDetails") or "").startswith(_SATISFIED):
        return True
    return row.get("authenticationRequirement") == _MULTI and words.get("errorCode") == 0


def _rules(row: Row) -> tuple[Rule, ...]:
    """Every rule that was weighed; where the directory does not tell, the policies and what they came to."""
    if weighed := _rows(row, "weighedRules"):
        return tuple(rule_of(one) for one in weighed)
    return tuple(
        Rule(_text(one, "displayName"), one.get("result") in {"success", "failure"}, _text(one, "result"))
        for one in _rows(row, "appliedConditionalAccessPolicies")
    )


def _step(one: Row) -> Step:
    return Step(
        method=_text(one, "authenticationMethod"),
        at=moment_of(one.get("authenticationStepDateTime")),
        succeeded=one.get("succeeded") is True,
        detail=_text(one, "authenticationMethodDetail"),
    )


def _rows(row: Row, name: str) -> list[Row]:
    found = row.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _text(row: Row, name: str) -> str:
    return str(row.get(name) or "")
