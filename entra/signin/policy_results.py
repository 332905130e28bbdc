"""What each conditional access policy came to in one sign-in, in Microsoft Graph's words. Pure."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from entra.policy.evaluate import AccessPolicy, Grant, PolicyState, Verdict, Weighed, Why
from entra.signin.decide import Ask, Decision, Issue


class PolicyResult(StrEnum):
    SUCCESS = "success"
    FAILURE = "failure"
    NOT_APPLIED = "notApplied"
    REPORT_ONLY_SUCCESS = "reportOnlySuccess"
    REPORT_ONLY_FAILURE = "reportOnlyFailure"
    REPORT_ONLY_NOT_APPLIED = "reportOnlyNotApplied"
    REPORT_ONLY_INTERRUPTED = "reportOnlyInterrupted"


def results(
    verdict: Verdict,
    decision: Decision,
    *,
    mfa: bool,
    passed_controls: Iterable[str],
    would: Callable[[Verdict], Decision],
) -> list[tuple[Weighed, PolicyResult | None]]:
    """Every rule weighed with what it came to; None for what is no policy, or one that is off.

    `would` decides the same request under another verdict: so a report-only policy is judged by what would happen.
    """
    passed = frozenset(passed_controls)

    def result(one: Weighed, policy: AccessPolicy) -> PolicyResult:
        if policy.state is PolicyState.REPORT_ONLY:
            if one.why != Why.REPORT_ONLY:
                return PolicyResult.REPORT_ONLY_NOT_APPLIED
            return _reported(verdict, decision, policy, met=_met(policy, mfa, passed), would=would)
        if not one.applies:
            return PolicyResult.NOT_APPLIED
        done = isinstance(decision, Issue) or _met(policy, mfa, passed)
        return PolicyResult.SUCCESS if done else PolicyResult.FAILURE

    return [
        (one, result(one, one.policy) if one.policy and one.policy.state is not PolicyState.OFF else None)
        for one in verdict.weighed
    ]


def _reported(
    verdict: Verdict,
    decision: Decision,
    policy: AccessPolicy,
    *,
    met: bool,
    would: Callable[[Verdict], Decision],
) -> PolicyResult:
    if met:
        return PolicyResult.REPORT_ONLY_SUCCESS
    if policy.grant is Grant.BLOCK:
        return PolicyResult.REPORT_ONLY_FAILURE
    if isinstance(decision, Issue):
        changed = would(verdict.with_policy(policy))
        if not isinstance(changed, Ask):
            return PolicyResult.REPORT_ONLY_FAILURE
    # What ended for another reason would have been asked first.
    return PolicyResult.REPORT_ONLY_INTERRUPTED


def _met(policy: AccessPolicy, mfa: bool, passed_controls: frozenset[str]) -> bool:
    if policy.grant is Grant.CUSTOM_CONTROL:
        return policy.custom_control in passed_controls
    return policy.grant is Grant.MFA and mfa
