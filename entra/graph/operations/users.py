"""Users: read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from entra.apps.permissions import GraphPermission as P
from entra.directory.models import AccountClass, Group, User
from entra.directory.services import group_ids
from entra.graph.errors import GraphError
from entra.graph.filters import Field
from entra.graph.odata import collection, read, selected
from entra.graph.operation import Answer, Call, Operation
from entra.graph.sign_in_activity import ACTIVITY, activity_of, with_activity

READ = frozenset({P.USER_READ_ALL, P.USER_READ_WRITE_ALL, P.DIRECTORY_ACCESS_AS_USER})
FIELDS = {
    "id": Field("pk", UUID),
    "displayName": Field("display_name"),
    "givenName": Field("given_name"),
    "surname": Field("surname"),
    "mail": Field("mail"),
    "userPrincipalName": Field("user_principal_name"),
    "userType": Field("user_type"),
    "accountEnabled": Field("account_enabled", bool),
    "employeeType": Field("account_class", str, {kind.value: kind.value for kind in AccountClass}),
}
LAST_SIGN_IN = f"{ACTIVITY}/lastSignInDateTime"
ACTIVITY_FIELDS = {LAST_SIGN_IN: Field("last_sign_in", datetime)}


def user_shape(user: User) -> dict[str, Any]:
    """The properties of a user that we keep. The class of an account stands in `employeeType`."""
    return {
        "id": str(user.pk),
        "displayName": user.display_name,
        "givenName": user.given_name or None,
        "surname": user.surname or None,
        "mail": user.mail or None,
        "otherMails": [],
        "userPrincipalName": user.user_principal_name,
        "userType": user.user_type,
        "accountEnabled": user.account_enabled,
        "employeeType": user.account_class,
        "preferredLanguage": user.language or None,
        "createdDateTime": user.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _shape_with_activity(user: User) -> dict[str, Any]:
    return user_shape(user) | {ACTIVITY: activity_of(user)}


def visible_users(call: Call) -> "QuerySet[User]":
    """The users of the caller's tenant; a guest sees its own account only, unless it has something to administer."""
    users = User.objects.filter(tenant=call.caller.tenant)
    account = call.caller.account
    return users.filter(pk=account.pk) if account is not None and sees_itself_only(call) else users


def sees_itself_only(call: Call) -> bool:
    """Whether the caller is a guest without a directory role who owns no group (M15: guests may hold roles too)."""
    account, caller = call.caller.account, call.caller
    if account is None or not caller.is_guest or caller.roles:
        return False
    return not Group.objects.filter(owned_by__in=group_ids(account)).exists()


def find_user(call: Call, name: str) -> User:
    """One visible user by id or user principal name. Raises GraphError (404)."""
    try:
        wanted = Q(pk=UUID(name))
    except ValueError:
        wanted = Q(user_principal_name=name.lower())
    user = visible_users(call).filter(wanted).first()
    if user is None:
        raise GraphError.not_found(name)
    return user


def list_users(call: Call) -> Answer:
    by_activity = LAST_SIGN_IN in call.request.GET.get("$filter", "")
    query = read(call.request, FIELDS | ACTIVITY_FIELDS if by_activity else FIELDS)
    if by_activity or ACTIVITY in query.select:
        users, shape = with_activity(call, visible_users(call)), _shape_with_activity
        return collection(call.request, query, users, shape if ACTIVITY in query.select else user_shape)
    return collection(call.request, query, visible_users(call), user_shape)


def get_user(call: Call) -> Answer:
    user, select = find_user(call, call.parts["user"]), read(call.request, FIELDS).select
    if ACTIVITY not in select:
        return selected(user_shape(user), select)
    return selected(_shape_with_activity(with_activity(call, User.objects.filter(pk=user.pk)).get()), select)


def get_me(call: Call) -> Answer:
    if call.caller.account is None:
        raise GraphError.bad_request("/me needs a signed-in user.")
    return selected(user_shape(call.caller.account), read(call.request, FIELDS).select)


OPERATIONS = [
    Operation("GET", "me", get_me, READ | {P.USER_READ}, app_only=False),
    Operation("GET", "users", list_users, READ),
    Operation("GET", "users/<str:user>", get_user, READ),
]
