"""What was weighed, in words: rules, reasons and outcomes of a sign-in that happened or might."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entra.oauth.errors import MESSAGES
from entra.policy.evaluate import Grant, PerUserMfaState, PolicyState, Verdict, Why
from entra.signin.foresight import Foreseen, Outcome
from entra.signin.labels import USED
from entra.signin.models import PolicyStatus, Protocol, SignInResult
from entra.signin.policy_results import PolicyResult
from entra.signin.steps import Step

RULES: dict[str, Promise] = {
    "perUserMfa": gettext_lazy("Per-user MFA"),
    "securityDefaults": gettext_lazy("Security defaults"),
    "legacyAuthentication": gettext_lazy("Legacy authentication"),
    "everything": gettext_lazy("Every rule"),
}
REASONS: dict[str, Promise] = {
    Why.APPLIES: gettext_lazy("It applies to this person, application and network."),
    Why.ADMINISTRATOR: gettext_lazy("Administrators always verify."),
    Why.RISKY: gettext_lazy("The browser or the network is new for this person."),
    Why.NOT_RISKY: gettext_lazy("The person verified before with this browser and from this network."),
    Why.REGISTRATION_PERIOD: gettext_lazy("The person is still within the 14 days to register a method."),
    Why.REGISTRATION_OVERDUE: gettext_lazy("The 14 days to register a method are over."),
    Why.BREAK_GLASS: gettext_lazy("The account is for emergencies: no rule touches it."),
    Why.OFF: gettext_lazy("It is off."),
    Why.REPORT_ONLY: gettext_lazy("It is report-only: its conditions are met, and nothing is demanded."),
    Why.NOT_INCLUDED: gettext_lazy("The person is not among those it is for."),
    Why.EXCLUDED: gettext_lazy("The person is among those it leaves out."),
    Why.APPLICATION_NOT_INCLUDED: gettext_lazy("The application is not among those it is for."),
    Why.APPLICATION_EXCLUDED: gettext_lazy("The application is among those it leaves out."),
    Why.LOCATION_NOT_INCLUDED: gettext_lazy("The network is not among those it is for."),
    Why.LOCATION_EXCLUDED: gettext_lazy("The network is among those it leaves out."),
}
DEMANDS: dict[str, Promise] = {
    Grant.MFA: gettext_lazy("Multifactor authentication"),
    Grant.BLOCK: gettext_lazy("Block"),
    Grant.CUSTOM_CONTROL: gettext_lazy("Custom control"),
}
RESULTS: dict[str, Promise] = {
    PolicyResult.SUCCESS: gettext_lazy("Met"),
    PolicyResult.FAILURE: gettext_lazy("Not met"),
    PolicyResult.NOT_APPLIED: gettext_lazy("Did not apply"),
    PolicyResult.REPORT_ONLY_SUCCESS: gettext_lazy("Report-only: would be met"),
    PolicyResult.REPORT_ONLY_FAILURE: gettext_lazy("Report-only: would block"),
    PolicyResult.REPORT_ONLY_NOT_APPLIED: gettext_lazy("Report-only: would not apply"),
    PolicyResult.REPORT_ONLY_INTERRUPTED: gettext_lazy("Report-only: would ask for more"),
}
STATES: dict[str, Promise] = {
    PolicyState.ON: gettext_lazy("On"),
    PolicyState.REPORT_ONLY: gettext_lazy("Report-only"),
    PolicyState.OFF: gettext_lazy("Off"),
}
STATE_BADGES = {PolicyState.ON: "success", PolicyState.REPORT_ONLY: "info", PolicyState.OFF: "neutral"}
PER_USER: dict[str, Promise] = {
    PerUserMfaState.DISABLED: gettext_lazy("Disabled"),
    PerUserMfaState.ENABLED: gettext_lazy("Enabled"),
    PerUserMfaState.ENFORCED: gettext_lazy("Enforced"),
}
SIGN_IN_RESULTS: dict[str, Promise] = {
    SignInResult.SUCCESS: gettext_lazy("Success"),
    SignInResult.FAILURE: gettext_lazy("Failure"),
    SignInResult.INTERRUPTED: gettext_lazy("Interrupted"),
}
SIGN_IN_BADGES = {"success": "success", "failure": "danger", "interrupted": "warning"}
PROTOCOLS: dict[str, Promise] = {
    Protocol.OAUTH2: gettext_lazy("Sign-in page"),
    Protocol.PASSWORD_GRANT: gettext_lazy("Password grant"),
    Protocol.DEVICE_CODE: gettext_lazy("Device code"),
}
POLICY_STATUSES: dict[str, Promise] = {
    PolicyStatus.SUCCESS: gettext_lazy("Policies met"),
    PolicyStatus.FAILURE: gettext_lazy("A policy not met"),
    PolicyStatus.NOT_APPLIED: gettext_lazy("No policy applied"),
}
OUTCOME_BADGES = {Outcome.ALLOW: "success", Outcome.PROMPT: "warning", Outcome.BLOCK: "danger"}
OUTCOMES: dict[str, Promise] = {
    Outcome.ALLOW: gettext_lazy("Allowed"),
    Outcome.PROMPT: gettext_lazy("Asked for more"),
    Outcome.BLOCK: gettext_lazy("Blocked"),
}


@dataclass(frozen=True)
class Ruling:
    """One rule that was weighed, as a page shows it."""

    name: str
    policy_id: str
    applies: bool
    reason: str
    demand: str
    result: str


def rulings(verdict: Verdict) -> list[Ruling]:
    """The rules of a verdict that has not been acted upon."""
    return [
        _ruling(
            one.rule, one.policy.id if one.policy else "", one.applies, one.why, one.policy.grant if one.policy else ""
        )
        for one in verdict.weighed
    ]


def logged_rulings(weighed: Iterable[Mapping[str, Any]], known: Container[str]) -> list[Ruling]:
    """The rules that a row of the sign-in log kept, each with what it came to. Policies not `known` are gone."""
    return [
        _ruling(
            one["rule"],
            one["policyId"] if one["policyId"] in known else "",
            one["applies"],
            one["why"],
            one["grant"],
            one["result"],
        )
        for one in weighed
    ]


def _ruling(rule: str, policy_id: str, applies: bool, why: str, grant: str, result: str = "") -> Ruling:
    return Ruling(
        name=rule.removeprefix("policy:") if rule.startswith("policy:") else str(RULES.get(rule, rule)),
        policy_id=policy_id,
        applies=applies,
        reason=str(REASONS.get(why, why)),
        demand=str(DEMANDS.get(grant, "")),
        result=str(RESULTS.get(result, "")),
    )


def foreseen(found: Foreseen) -> str:
    """What the person would meet, in one sentence."""
    if found.outcome is Outcome.ALLOW:
        return _("The person is signed in without a further question.")
    if found.outcome is Outcome.BLOCK:
        return f"{MESSAGES.get(found.code, _('The request failed.'))} (AADSTS{found.code})"
    ways = ", ".join(str(USED[method]) for method in sorted(found.methods))
    sentences = {
        Step.VERIFY: _("The person verifies with: %(methods)s."),
        Step.REGISTER: _("The person registers a method first: %(methods)s."),
        Step.CUSTOM_CONTROL: _("The person is sent to a custom control. It never counts as MFA."),
        Step.FEDERATE: _("The person is sent to the organization's own provider."),
    }
    sentence = sentences.get(found.step) if found.step else None
    return (sentence or _("The person is asked to sign in.")) % {"methods": ways}


def error(code: int) -> str:
    """What an error code of the log means; empty for success."""
    named = {
        50126: _("The password was wrong."),
        500121: _("The second verification step was not completed."),
    }
    return str(named.get(code) or MESSAGES.get(code, "")) if code else ""


def used(method: str) -> str:
    return str(USED.get(method, method))
