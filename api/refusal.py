"""Whether a call is let through: the operation's row, and the same decision the portal's pages take (M20, A2, A5)."""

import base64
from http import HTTPStatus

import msgspec
from django.conf import settings
from django.utils import timezone

from accounts.access import Preset, Reason, Verdict, decide, under_preset
from accounts.gate import exemption_of
from accounts.roles import Role
from api.caller import Caller, invalid_token
from api.faults import Code, Fault
from api.registry import Edition, Operation

_ACR = "urn:microsoft:policies:mfa"
_CLAIMS = {"access_token": {"acrs": {"essential": True, "value": "c1"}}}


def require_allowed(operation: Operation, caller: Caller) -> None:
    """Raise Fault unless the caller may call the operation now."""
    if caller.user is None:
        if not operation.takes_app_only(Edition(settings.API_EDITION)):
            raise Fault(
                HTTPStatus.FORBIDDEN,
                Code.APP_ONLY,
                "This operation doesn't support application-only authentication: call it with a token of a"
                " signed-in user (App+User).",
            )
        return
    (rule,) = under_preset((operation.rule,), Preset(settings.ACCESS_PRESET), settings.MFA_MAXIMUM_AGE)
    now, evidence = timezone.now(), (caller.token.evidence,)
    decision = decide(rule, caller.roles, evidence, None, now)
    if decision.outcome is Verdict.FORBID:
        raise _wrong_role(operation, caller)
    if decision.outcome in {Verdict.VERIFY_MFA, Verdict.BLOCKED}:
        decision = decide(rule, caller.roles, evidence, exemption_of(caller.user, now=now), now)
    if decision.outcome is not Verdict.ALLOW:
        raise mfa_required(caller, stale=decision.reason is Reason.MFA_NOT_FRESH)


def _wrong_role(operation: Operation, caller: Caller) -> Fault:
    held = sorted(str(role.label) for role in caller.roles - {Role.USER})
    needed = [str(role.label) for role in Role if role in operation.roles]
    return Fault(
        HTTPStatus.FORBIDDEN,
        Code.WRONG_ROLE,
        "The supplied role does not have the rights to perform the requested operation."
        f" Needed is one of: {', '.join(needed)}. Held: {', '.join(held) or 'none'}."
        " A Global admin can grant it under Account settings > User management.",
        data=tuple(needed),
    )


def mfa_required(caller: Caller, *, stale: bool = False) -> Fault:
    """Requirement A3. A client that says it understands claims challenges (`cp1`) is told what to ask for."""
    why = (
        "The multifactor authentication in this token is older than this API accepts; sign in again."
        if stale
        else "The token's amr claim does not contain 'mfa': sign in again with multifactor authentication and use the"
        " new token."
    )
    headers = invalid_token()
    if caller.token.takes_claims_challenges or settings.API_STEP_UP_CHALLENGE:
        headers = {"WWW-Authenticate": _step_up_challenge()}
    return Fault(
        HTTPStatus.UNAUTHORIZED,
        Code.MFA_REQUIRED,
        f"Authentication failed. MFA required. {why}",
        headers=headers,
        reason_phrase="Unauthorized - MFA required",
    )


def _step_up_challenge() -> str:
    """RFC 9470 section 3, with the claims challenge that Entra's client libraries pass on."""
    claims = base64.b64encode(msgspec.json.encode(_CLAIMS)).decode()
    return f'Bearer error="insufficient_user_authentication", acr_values="{_ACR}", claims="{claims}"'
