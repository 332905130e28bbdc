"""Users: change, disable, sign out everywhere."""

from typing import Annotated

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from msgspec import UNSET, Meta, UnsetType

from entra.apps.permissions import GraphPermission as P
from entra.directory.administration.accounts import change_profile, set_enabled
from entra.directory.models import User
from entra.graph.bodies import guarded
from entra.graph.errors import GraphError
from entra.graph.operation import Answer, Call, Need, Operation
from entra.graph.operations.users import find_user
from entra.oauth.revocation import disable, revoke_sessions

WRITE = frozenset({P.USER_READ_WRITE_ALL, P.DIRECTORY_ACCESS_AS_USER})
REVOKE = WRITE | {P.USER_REVOKE_SESSIONS_ALL}


class Changes(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """What may be changed of a user. What is absent stays; null empties a property that may be empty."""

    account_enabled: bool | UnsetType = UNSET
    display_name: Annotated[str, Meta(min_length=1, max_length=200)] | UnsetType = UNSET
    given_name: Annotated[str, Meta(max_length=100)] | UnsetType | None = UNSET
    surname: Annotated[str, Meta(max_length=100)] | UnsetType | None = UNSET
    mail: Annotated[str, Meta(max_length=254)] | UnsetType | None = UNSET


@transaction.atomic
def change_user(call: Call) -> Answer:
    user = find_user(call, call.parts["user"])
    changes = call.body_as(Changes)
    _check_mail(changes.mail)
    change_profile(
        account=user,
        actor=call.caller.actor,
        display_name=_given(changes.display_name),
        given_name=_given(changes.given_name),
        surname=_given(changes.surname),
        mail=_given(changes.mail),
    )
    if isinstance(changes.account_enabled, bool):
        with guarded(call.caller.tenant):
            _switch(user, enabled=changes.account_enabled, actor=call.caller.actor)
    return None


def revoke_sign_in_sessions(call: Call) -> Answer:
    revoke_sessions(account=find_user(call, call.parts["user"]), actor=call.caller.actor)
    return {"value": True}


def _switch(user: User, *, enabled: bool, actor: str) -> None:
    if enabled:
        set_enabled(account=user, enabled=True, actor=actor)
    elif user.account_enabled:
        disable(account=user, actor=actor)


def _given(value: str | UnsetType | None) -> str | None:
    """Graph's null is our empty text; what is absent is None."""
    return None if value is UNSET else value or ""


def _check_mail(mail: str | UnsetType | None) -> None:
    if mail is UNSET or not mail:
        return
    try:
        validate_email(mail)
    except ValidationError as error:
        raise GraphError.bad_request("mail is not an e-mail address.") from error


OPERATIONS = [
    Operation("PATCH", "users/<str:user>", change_user, WRITE, Need.GLOBAL, mfa=True),
    Operation("POST", "users/<str:user>/revokeSignInSessions", revoke_sign_in_sessions, REVOKE, Need.GLOBAL, mfa=True),
]
