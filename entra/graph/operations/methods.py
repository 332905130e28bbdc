"""Authentication methods of a user: which there are, removing one, temporary access passes, per-user MFA (beta).

They belong to the home account: of a guest there is nothing to see here.
"""

from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from entra.apps.permissions import GraphPermission as P
from entra.directory.methods import MethodKind, registered_methods, remove_method
from entra.directory.methods.inventory import RegisteredMethod
from entra.directory.methods.temporary_pass import is_usable, issue_pass, withdraw_pass
from entra.directory.models import TemporaryAccessPass, User
from entra.graph.bodies import guarded
from entra.graph.errors import GraphError
from entra.graph.odata import whole
from entra.graph.operation import Answer, Call, Need, Operation
from entra.graph.operations.users import find_user
from entra.policy.administration import set_per_user_mfa
from entra.policy.evaluate import PerUserMfaState
from entra.policy.services import per_user_mfa_state

METHODS = frozenset({P.METHODS_READ_WRITE_ALL})
PASSWORD_ID = "28c10230-6103-485e-b985-444c60001490"  # the password's id in every directory
_KINDS = {
    MethodKind.AUTHENTICATOR_APP: "softwareOath",
    MethodKind.SECURITY_KEY: "fido2",
    MethodKind.HARDWARE_TOKEN: "hardwareOath",
}


class NewPass(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    lifetime_in_minutes: Annotated[int, Meta(ge=10, le=1440)] = 60
    is_usable_once: bool = True


class Requirements(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    per_user_mfa_state: PerUserMfaState


def list_methods(call: Call) -> Answer:
    user = find_user(call, call.parts["user"])
    if user.home_account_id:
        return whole(call.request, [])
    rows = [_password_shape(user)] if user.password and user.has_usable_password() else []
    rows += [_method_shape(method) for method in registered_methods(user)]
    rows += [{"@odata.type": _type("temporaryAccessPass"), **_pass_shape(issued)} for issued in _passes(user)]
    return whole(call.request, rows)


def remove(kind: MethodKind, call: Call) -> Answer:
    user = find_user(call, call.parts["user"])
    name = call.parts["method"]
    held = {method.id for method in registered_methods(user) if method.kind is kind}
    with guarded(call.caller.tenant):
        if name not in held or remove_method(account=user, method_id=name, actor=call.caller.actor) is None:
            raise GraphError.not_found(name)
    return None


def list_passes(call: Call) -> Answer:
    user = find_user(call, call.parts["user"])
    return whole(call.request, [_pass_shape(issued) for issued in _passes(user)])


def get_pass(call: Call) -> Answer:
    user = find_user(call, call.parts["user"])
    return _pass_shape(_find_pass(user, call.parts["method"]))


def create_pass(call: Call) -> Answer:
    """The only answer that ever holds the pass. Nobody makes one for themselves: it would outlive their sign-in."""
    user, wanted = find_user(call, call.parts["user"]), call.body_as(NewPass)
    if call.caller.account is not None and call.caller.account.home.pk == user.home.pk:
        raise GraphError.denied("A temporary access pass is made by another administrator.")
    issued, text = issue_pass(
        account=user,
        lifetime=timedelta(minutes=wanted.lifetime_in_minutes),
        usable_once=wanted.is_usable_once,
        actor=call.caller.actor,
    )
    return {**_pass_shape(issued), "temporaryAccessPass": text}


def delete_pass(call: Call) -> Answer:
    user = find_user(call, call.parts["user"])
    withdraw_pass(account=user, pass_id=str(_find_pass(user, call.parts["method"]).pk), actor=call.caller.actor)
    return None


def get_requirements(call: Call) -> Answer:
    return {"perUserMfaState": per_user_mfa_state(find_user(call, call.parts["user"])).value}


def change_requirements(call: Call) -> Answer:
    user, wanted = find_user(call, call.parts["user"]), call.body_as(Requirements)
    with guarded(call.caller.tenant):
        set_per_user_mfa(users=[user], state=wanted.per_user_mfa_state, actor=call.caller.actor)
    return None


def _type(name: str) -> str:
    return f"#microsoft.graph.{name}AuthenticationMethod"


def _password_shape(user: User) -> dict[str, Any]:
    return {
        "@odata.type": _type("password"),
        "id": PASSWORD_ID,
        "createdDateTime": _moment(user.created_at),
        "password": None,
    }


def _method_shape(method: RegisteredMethod) -> dict[str, Any]:
    return {
        "@odata.type": _type(_KINDS[method.kind]),
        "id": method.id,
        "displayName": method.name,
        "createdDateTime": _moment(method.added_at),
        "lastUsedDateTime": _moment(method.last_used_at),
    }


def _pass_shape(issued: TemporaryAccessPass) -> dict[str, Any]:
    usable = is_usable(issued)
    spent = issued.usable_once and issued.used_at is not None
    return {
        "id": str(issued.pk),
        "temporaryAccessPass": None,
        "createdDateTime": _moment(issued.created_at),
        "startDateTime": _moment(issued.created_at),
        "lifetimeInMinutes": int((issued.expires_at - issued.created_at).total_seconds() // 60),
        "isUsableOnce": issued.usable_once,
        "isUsable": usable,
        "methodUsabilityReason": "EnabledByPolicy" if usable else "OneTimeUsed" if spent else "Expired",
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _passes(user: User) -> list[TemporaryAccessPass]:
    return list(TemporaryAccessPass.objects.filter(account=user))


def _find_pass(user: User, name: str) -> TemporaryAccessPass:
    found = next((issued for issued in _passes(user) if str(issued.pk) == name), None)
    if found is None:
        raise GraphError.not_found(name)
    return found


_METHODS = "users/<str:user>/authentication"
_PASSES = f"{_METHODS}/temporaryAccessPassMethods"
OPERATIONS = [
    Operation("GET", f"{_METHODS}/methods", list_methods, METHODS, Need.GLOBAL),
    Operation("GET", _PASSES, list_passes, METHODS, Need.GLOBAL),
    Operation("POST", _PASSES, create_pass, METHODS, Need.GLOBAL, mfa=True, status=HTTPStatus.CREATED),
    Operation("GET", f"{_PASSES}/<str:method>", get_pass, METHODS, Need.GLOBAL),
    Operation("DELETE", f"{_PASSES}/<str:method>", delete_pass, METHODS, Need.GLOBAL, mfa=True),
    *(
        Operation(
            "DELETE",
            f"{_METHODS}/{name}Methods/<str:method>",
            partial(remove, kind),
            METHODS,
            Need.GLOBAL,
            mfa=True,
        )
        for kind, name in _KINDS.items()
    ),
]
BETA = [
    Operation(
        "GET",
        f"{_METHODS}/requirements",
        get_requirements,
        frozenset({P.POLICY_READ_ALL, P.POLICY_READ_WRITE_METHODS}),
        Need.SECURITY,
    ),
    Operation(
        "PATCH",
        f"{_METHODS}/requirements",
        change_requirements,
        frozenset({P.POLICY_READ_WRITE_METHODS}),
        Need.GLOBAL,
        mfa=True,
    ),
]
