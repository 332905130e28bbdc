"""The sign-in log: read."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from entra.apps.permissions import GraphPermission as P
from entra.graph.errors import GraphError
from entra.graph.filters import Field
from entra.graph.moments import moment
from entra.graph.odata import collection, read, selected
from entra.graph.operation import Answer, Call, Need, Operation
from entra.oauth.errors import description
from entra.signin.method import Method
from entra.signin.models import SignIn

READ = frozenset({P.AUDIT_LOG_READ_ALL})
CREATED = "createdDateTime"
MOST = 1000  # on a page, as of all logs in Graph
FIELDS = {
    "id": Field("pk", UUID),
    CREATED: Field("at", datetime),
    "userId": Field("account_id", UUID),
    "userPrincipalName": Field("account__user_principal_name"),
    "userDisplayName": Field("account__display_name"),
    "appId": Field("application_id", UUID),
    "appDisplayName": Field("application_name"),
    "ipAddress": Field("ip_address"),
    "correlationId": Field("correlation_id", UUID),
    "status/errorCode": Field("error_code", int),
    "conditionalAccessStatus": Field("policy_status"),
    "authenticationProtocol": Field("protocol"),
    "isInteractive": Field("interactive", bool),
    "mfaSatisfied": Field("mfa_satisfied", bool),
}
_METHOD_NAMES = {
    Method.PASSWORD: "Password",
    Method.AUTHENTICATOR_APP: "OATH verification code",
    Method.HARDWARE_TOKEN: "OATH hardware token",
    Method.SECURITY_KEY: "FIDO2 security key",
    Method.RECOVERY_CODE: "Recovery code",
    Method.FEDERATED: "Federated",
    Method.CUSTOM_CONTROL: "Custom control",
}
_CONTROLS = {"mfa": "Mfa", "block": "Block", "customControl": "CustomControl"}


def sign_in_shape(row: SignIn) -> dict[str, Any]:
    """Graph's `signIn`. `amr`, `mfaSatisfied`, `result` and `weighedRules` are ours: every rule weighed, and why."""
    return {
        "id": str(row.pk),
        CREATED: moment(row.at),
        "userId": str(row.account_id) if row.account_id else None,
        "userDisplayName": row.account.display_name if row.account else None,
        "userPrincipalName": row.account.user_principal_name if row.account else None,
        "appId": str(row.application_id),
        "appDisplayName": row.application_name,
        "ipAddress": row.ip_address,
        "clientAppUsed": row.client_app,
        "authenticationProtocol": row.protocol,
        "userAgent": row.user_agent,
        "correlationId": str(row.correlation_id),
        "conditionalAccessStatus": row.policy_status,
        "isInteractive": row.interactive,
        "authenticationRequirement": (
            "multiFactorAuthentication" if row.mfa_required else "singleFactorAuthentication"
        ),
        "status": _status(row),
        "authenticationDetails": [_step(row, proof) for proof in row.proofs],
        "appliedConditionalAccessPolicies": [_policy(one) for one in row.weighed if one["result"]],
        "homeTenantId": str(row.home_tenant_id),
        "resourceTenantId": str(row.resource_tenant_id),
        "amr": row.amr,
        "mfaSatisfied": row.mfa_satisfied,
        "result": row.result,
        "isFederated": row.federated,
        "weighedRules": [_rule(row, one) for one in row.weighed],
    }


def _status(row: SignIn) -> dict[str, Any]:
    if not row.error_code:
        met = "MFA requirement satisfied" if row.mfa_satisfied else None
        return {"errorCode": 0, "failureReason": "Other.", "additionalDetails": met}
    asked = "MFA required" if row.mfa_required and not row.mfa_satisfied else None
    reason = description(row.error_code).partition(": ")[2]
    return {"errorCode": row.error_code, "failureReason": reason, "additionalDetails": asked}


def _step(row: SignIn, proof: dict[str, Any]) -> dict[str, Any]:
    method = Method(proof["method"])
    return {
        "authenticationStepDateTime": moment(row.at - timedelta(seconds=proof["age"])),
        "authenticationMethod": _METHOD_NAMES[method],
        "authenticationMethodDetail": "MFA proven by the identity provider" if proof["provesMfa"] else None,
        "succeeded": proof["succeeded"],
        "authenticationStepResultDetail": "Succeeded" if proof["succeeded"] else "Failed",
        "authenticationStepRequirement": (
            "Primary authentication" if method in {Method.PASSWORD, Method.FEDERATED} else "Multifactor authentication"
        ),
    }


def _rule(row: SignIn, one: dict[str, Any]) -> dict[str, Any]:
    """`registerBy`: until when security defaults let registration wait (V12)."""
    shown = {name: value for name, value in one.items() if name != "registerIn"}
    waits = one.get("registerIn")
    return shown if waits is None else {**shown, "registerBy": moment(row.at + timedelta(seconds=waits))}


def _policy(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": one["policyId"],
        "displayName": one["rule"].removeprefix("policy:"),
        "enforcedGrantControls": [_CONTROLS[one["grant"]]],
        "result": one["result"],
    }


def _rows(call: Call) -> "QuerySet[SignIn]":
    return SignIn.objects.filter(tenant=call.caller.tenant).select_related("account")


def list_sign_ins(call: Call) -> Answer:
    query = read(call.request, FIELDS, order=f"{CREATED} desc", most=MOST)
    if query.order != CREATED:
        raise GraphError.bad_request(f"$orderby: sign-ins are ordered by {CREATED}.")
    return collection(call.request, query, _rows(call), sign_in_shape)


def get_sign_in(call: Call) -> Answer:
    row = _rows(call).filter(pk=call.parts["sign_in"]).first()
    if row is None:
        raise GraphError.not_found(call.parts["sign_in"])
    return selected(sign_in_shape(row), read(call.request, FIELDS).select)


OPERATIONS = [
    Operation("GET", "auditLogs/signIns", list_sign_ins, READ, Need.SECURITY),
    Operation("GET", "auditLogs/signIns/<uuid:sign_in>", get_sign_in, READ, Need.SECURITY),
]
