"""Who has registered a verification method: the report `userRegistrationDetails`."""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from entra.apps.permissions import GraphPermission as P
from entra.directory.methods import MethodKind
from entra.directory.models import AuthenticatorApp, HardwareToken, RoleAssignment, SecurityKey, User
from entra.graph.errors import GraphError
from entra.graph.filters import Field
from entra.graph.moments import moment
from entra.graph.odata import collection, read, selected
from entra.graph.operation import Answer, Call, Need, Operation
from entra.graph.operations.users import find_user
from entra.policy.services import allowed_methods

READ = frozenset({P.AUDIT_LOG_READ_ALL, P.REPORTS_READ_ALL})
FIELDS = {
    "id": Field("pk", UUID),
    "userPrincipalName": Field("user_principal_name"),
    "userDisplayName": Field("display_name"),
    "userType": Field("user_type", str, {"member": "Member", "Member": "Member", "guest": "Guest", "Guest": "Guest"}),
    "isAdmin": Field("is_admin", bool),
    "isMfaRegistered": Field("is_registered", bool),
}
_NAMES = {
    MethodKind.AUTHENTICATOR_APP: "softwareOneTimePasscode",
    MethodKind.HARDWARE_TOKEN: "hardwareOneTimePasscode",
    MethodKind.SECURITY_KEY: "fido2SecurityKey",
}
_MODELS = {
    MethodKind.AUTHENTICATOR_APP: AuthenticatorApp.objects.filter(confirmed=True),
    MethodKind.HARDWARE_TOKEN: HardwareToken.objects.filter(confirmed=True),
    MethodKind.SECURITY_KEY: SecurityKey.objects.all(),
}


def registrations(call: Call) -> "QuerySet[User]":
    """The tenant's users with what they registered. Methods belong to the home account, also those of a guest."""
    users = User.objects.filter(tenant=call.caller.tenant).select_related("home_account")
    users = users.annotate(home_pk=Coalesce("home_account_id", "pk"))
    for kind, rows in _MODELS.items():
        own = rows.filter(account=OuterRef("home_pk"))
        latest = own.exclude(last_used_at=None).order_by("-last_used_at").values("last_used_at")[:1]
        users = users.annotate(**{f"has_{kind.name}": Exists(own), f"used_{kind.name}": Subquery(latest)})
    registered = Exists(AuthenticatorApp.objects.filter(account=OuterRef("home_pk"), confirmed=True))
    for rows in (_MODELS[MethodKind.HARDWARE_TOKEN], _MODELS[MethodKind.SECURITY_KEY]):
        registered = registered | Exists(rows.filter(account=OuterRef("home_pk")))  # type: ignore[assignment]
    return users.annotate(is_registered=registered, is_admin=Exists(RoleAssignment.objects.filter(user=OuterRef("pk"))))


def _shape(allowed_in: Callable[[UUID], frozenset[MethodKind]]) -> Callable[[Any], dict[str, Any]]:
    def shape(user: Any) -> dict[str, Any]:
        kinds = [kind for kind in _MODELS if getattr(user, f"has_{kind.name}")]
        used = {kind: getattr(user, f"used_{kind.name}") for kind in kinds}
        default = max(kinds, key=lambda kind: (used[kind] is not None, used[kind] or 0)) if kinds else None
        capable = set(kinds) & allowed_in(user.home.tenant_id)
        return {
            "id": str(user.pk),
            "userPrincipalName": user.user_principal_name,
            "userDisplayName": user.display_name,
            "userType": user.user_type.lower(),
            "isAdmin": user.is_admin,
            "isMfaRegistered": bool(kinds),
            "isMfaCapable": bool(capable),
            "methodsRegistered": [_NAMES[kind] for kind in kinds],
            "defaultMfaMethod": _NAMES[default] if default else "none",
            "lastUpdatedDateTime": moment(timezone.now()),
        }

    return shape


def _allowed() -> Callable[[UUID], frozenset[MethodKind]]:
    """The methods a home tenant allows, read once for each tenant of one answer."""
    return cache(allowed_methods)


def list_registrations(call: Call) -> Answer:
    query = read(call.request, FIELDS)
    return collection(call.request, query, registrations(call), _shape(_allowed()))


def get_registration(call: Call) -> Answer:
    user = registrations(call).filter(pk=find_user(call, call.parts["user"]).pk).first()
    if user is None:
        raise GraphError.not_found(call.parts["user"])
    return selected(_shape(_allowed())(user), read(call.request, FIELDS).select)


_REPORT = "reports/authenticationMethods/userRegistrationDetails"
OPERATIONS = [
    Operation("GET", _REPORT, list_registrations, READ, Need.SECURITY),
    Operation("GET", f"{_REPORT}/<str:user>", get_registration, READ, Need.SECURITY),
]
