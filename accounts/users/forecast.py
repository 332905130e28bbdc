"""What a sign-in of a person would meet, and every rule that was weighed: the directory's own what-if."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.users.person import moment_of
from msgraph.client import GraphClient

_SUMMARY = "@ours.summary"
_GRAPH = "#microsoft.graph"


class Expectation(StrEnum):
    """What follows the first factor, in the portal's words."""

    VERIFY = "verify"
    REGISTER = "register"
    FEDERATE = "federate"
    CUSTOM_CONTROL = "custom_control"
    NOT_ASKED = "not-asked"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Promise:
        return _LABELS[self]

    @property
    def badge(self) -> str:
        return {"not-asked": "warning", "custom_control": "warning", "blocked": "danger", "unknown": "neutral"}.get(
            self.value, "success"
        )


_LABELS = {
    Expectation.VERIFY: _("MFA is enforced: verification is asked for at sign-in"),
    Expectation.REGISTER: _("MFA is enforced: a method has to be registered at the next sign-in"),
    Expectation.FEDERATE: _("MFA is enforced: the organization's own provider is asked for it"),
    Expectation.CUSTOM_CONTROL: _("A custom control is asked for, which never counts as MFA"),
    Expectation.NOT_ASKED: _("MFA is not enforced: a sign-in asks for nothing more than the password"),
    Expectation.BLOCKED: _("The sign-in is blocked"),
    Expectation.UNKNOWN: _("The directory does not sum its policies up"),
}
_RULES = {
    "perUserMfa": _("Per-user MFA"),
    "securityDefaults": _("Security defaults"),
    "legacyAuthentication": _("Legacy authentication"),
    "everything": _("All rules"),
}
_WHY: dict[str, Promise] = {
    "applies": _("applies"),
    "administrator": _("administrators always verify"),
    "risky": _("an unknown place or device"),
    "notRisky": _("asks at risky sign-ins only"),
    "registrationPeriod": _("in the 14 days to register"),
    "registrationOverdue": _("the 14 days to register are over"),
    "breakGlass": _("an account for emergencies is outside every rule"),
    "off": _("switched off"),
    "reportOnly": _("report-only: nothing is enforced"),
    "notIncluded": _("does not cover this person"),
    "excluded": _("excludes this person"),
    "applicationNotIncluded": _("does not cover this application"),
    "applicationExcluded": _("excludes this application"),
    "locationNotIncluded": _("does not cover this place"),
    "locationExcluded": _("excludes this place"),
    # Graph's own words, where the directory gives no more.
    "policyNotEnabled": _("switched off or report-only"),
    "users": _("does not cover this person"),
    "application": _("does not cover this application"),
    "location": _("does not cover this place"),
    "notSet": _("applies"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    name: "str | Promise"
    applies: bool
    why: "str | Promise"


@dataclass(frozen=True, slots=True)
class Forecast:
    expectation: Expectation
    rules: list[Rule]
    register_by: datetime | None = None
    error: str = ""
    """The code of a block, as the sign-in would say it."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`known_place`: the person has verified there before, with this browser and from this network."""

    application: str
    ip_address: str = ""
    known_place: bool = False
    client: str = "browser"
    """Graph's `clientAppType`."""


def forecast_of(graph: GraphClient, user_id: UUID, circumstances: Circumstances) -> Forecast:
    """Ask what such a sign-in would meet. Raises as `find`."""
    conditions = {"clientAppType": circumstances.client}
    if circumstances.ip_address:
        conditions["ipAddress"] = circumstances.ip_address
    if circumstances.known_place:
        conditions["signInRiskLevel"] = "none"
    question = {
        "signInIdentity": {"@odata.type": f"{_GRAPH}.userSignIn", "userId": str(user_id)},
        "signInContext": {
            "@odata.type": f"{_GRAPH}.applicationContext",
            "includeApplications": [circumstances.application],
        },
        "signInConditions": conditions,
        "appliedPoliciesOnly": False,
    }
    answer = graph.post("beta/identity/conditionalAccess/evaluate", question)
    summary = answer.get(_SUMMARY)
    if isinstance(summary, dict):
        rules = [rule_of(row) for row in summary.get("weighedRules", [])]
        code = summary.get("errorCode")
        error = f"AADSTS{code}" if code else ""
        return Forecast(_expectation(summary), rules, moment_of(summary.get("registerBy")), error)
    return Forecast(Expectation.UNKNOWN, [_policy(row) for row in answer.get("value", [])])


def _expectation(summary: Mapping[str, Any]) -> Expectation:
    outcome, step = summary.get("outcome"), str(summary.get("step"))
    if outcome == "block":
        return Expectation.BLOCKED
    if outcome == "allow":
        return Expectation.NOT_ASKED
    return Expectation(step) if step in set(Expectation) else Expectation.UNKNOWN


def rule_of(row: Mapping[str, Any]) -> Rule:
    """A row of the directory's `weighedRules`."""
    name, why = str(row.get("rule", "")), str(row.get("why", ""))
    return Rule(_RULES.get(name, name.removeprefix("policy:")), bool(row.get("applies")), _WHY.get(why, why))


def _policy(row: Mapping[str, Any]) -> Rule:
    why = str(row.get("analysisReasons", ""))
    return Rule(str(row.get("displayName", "")), bool(row.get("policyApplies")), _WHY.get(why, why))
