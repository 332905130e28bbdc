"""What if: how a sign-in would be answered, and by which rules; whom a policy would lock out."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address

from entra.apps.services import find_application
from entra.directory.models import User
from entra.graph.access_policies import policy_shape
from entra.graph.bodies import Part
from entra.graph.errors import GraphError
from entra.graph.moments import moment
from entra.graph.operation import Answer, Call, Need, Operation
from entra.graph.operations.conditional_access import READ, find_policy, policies_of
from entra.policy.evaluate import Weighed, Why
from entra.signin.foresight import WhatIf, what_if
from entra.signin.lockout import locked_out_by

SUMMARY = "@ours.summary"
_LEGACY = {"exchangeActiveSync": True, "other": True, "easSupported": True}
_MODERN = {"all": False, "browser": False, "mobileAppsAndDesktopClients": False}
_CLIENT_APPS = _LEGACY | _MODERN
_RISK_LEVELS = frozenset({"none", "low", "medium", "high"})
_REASONS = {
    Why.OFF: "policyNotEnabled",
    Why.EXCLUDED: "users",
    Why.NOT_INCLUDED: "users",
    Why.APPLICATION_EXCLUDED: "application",
    Why.APPLICATION_NOT_INCLUDED: "application",
    Why.LOCATION_EXCLUDED: "location",
    Why.LOCATION_NOT_INCLUDED: "location",
}


def evaluate(call: Call) -> Answer:
    """Graph's what-if. The summary (ours) says what the person would meet, and every rule that was weighed."""
    body = Part(call.body())
    body.refuse_others(("signInIdentity", "signInContext", "signInConditions", "appliedPoliciesOnly"))
    found = _weighed(call, body)
    by_policy = {one.policy.id: one for one in found.verdict.weighed if one.policy}
    rows = [
        policy_shape(policy) | _analysis(by_policy.get(str(policy.pk))) for policy in policies_of(call).order_by("name")
    ]
    if body.boolean("appliedPoliciesOnly", default=False):
        rows = [row for row in rows if row["policyApplies"]]
    return {"value": rows, SUMMARY: summary(found)}


def _weighed(call: Call, body: Part) -> WhatIf:
    identity, context, conditions = (body.part(f"signIn{name}") for name in ("Identity", "Context", "Conditions"))
    identity.refuse_others(("userId",))
    context.refuse_others(("includeApplications",))
    conditions.refuse_others(("ipAddress", "clientAppType", "signInRiskLevel"))
    applications = context.texts("includeApplications")
    application = find_application(applications[0]) if len(applications) == 1 else None
    if application is None:
        raise GraphError.bad_request("'signInContext.includeApplications' has to name one application by its id.")
    return what_if(
        account=_account(call, identity.text("userId")),
        client_id=str(application.pk),
        ip=_address(conditions),
        known_place=_chosen(conditions, "signInRiskLevel", _RISK_LEVELS, "high") == "none",
        legacy=_CLIENT_APPS[_chosen(conditions, "clientAppType", frozenset(_CLIENT_APPS), "browser")],
    )


def _account(call: Call, user_id: str) -> User:
    try:
        wanted = UUID(user_id)
    except ValueError as error:
        raise GraphError.bad_request("'signInIdentity.userId' has to be the id of a user.") from error
    users = User.objects.select_related("tenant", "home_account__tenant").filter(tenant=call.caller.tenant)
    account = users.filter(pk=wanted).first()
    if account is None:
        raise GraphError.not_found(user_id)
    return account


def _address(conditions: Part) -> str:
    if not conditions.values.get("ipAddress"):
        return ""
    address = conditions.text("ipAddress", longest=45)
    try:
        validate_ipv46_address(address)
    except ValidationError as error:
        raise GraphError.bad_request("'signInConditions.ipAddress' has to be an IP address.") from error
    return address


def _chosen(conditions: Part, name: str, choices: frozenset[str], usual: str) -> str:
    value = conditions.values.get(name) or usual
    if not isinstance(value, str) or value not in choices:
        raise GraphError.bad_request(f"'signInConditions.{name}' has to be one of {', '.join(sorted(choices))}.")
    return value


def _analysis(one: Weighed | None) -> dict[str, Any]:
    """A policy in report-only mode applies: its state says that nothing is enforced. Break glass is under no policy."""
    if one is None:
        return {"policyApplies": False, "analysisReasons": "users"}
    applies = one.applies or one.why == Why.REPORT_ONLY
    return {"policyApplies": applies, "analysisReasons": _REASONS.get(Why(one.why), "notSet")}


def summary(found: WhatIf) -> dict[str, Any]:
    foreseen, verdict = found.foreseen, found.verdict
    return {
        "outcome": foreseen.outcome.value,
        "step": foreseen.step.value if foreseen.step else None,
        "methods": sorted(method.value for method in foreseen.methods),
        "errorCode": foreseen.code,
        "registerBy": moment(verdict.register_by) if verdict.register_by else None,
        "weighedRules": [
            {
                "rule": one.rule,
                "applies": one.applies,
                "why": str(one.why),
                "policyId": one.policy.id if one.policy else "",
                "grant": one.policy.grant.value if one.policy else "",
            }
            for one in verdict.weighed
        ],
    }


def list_locked_out(call: Call) -> Answer:
    """Who can sign in now and could no more if the policy were switched on."""
    return {
        "value": [
            {
                "id": str(one.account.pk),
                "displayName": one.account.display_name,
                "userPrincipalName": one.account.user_principal_name,
                "obstacle": one.obstacle.value,
                "errorCode": one.code,
            }
            for one in locked_out_by(find_policy(call))
        ]
    }


_LOCKED_OUT = "identity/conditionalAccess/policies/<uuid:policy>/lockedOut"
BETA = [Operation("POST", "identity/conditionalAccess/evaluate", evaluate, READ, Need.SECURITY)]
OURS = [Operation("GET", _LOCKED_OUT, list_locked_out, READ, Need.SECURITY)]
