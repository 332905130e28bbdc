"""Security defaults and the authentication methods policy: read and write (V11, V12)."""

from typing import Any

from entra.apps.permissions import GraphPermission as P
from entra.directory.methods import MethodKind
from entra.directory.models import Tenant
from entra.graph.bodies import Part, guarded
from entra.graph.errors import GraphError
from entra.graph.operation import Answer, Call, Need, Operation
from entra.policy.administration import set_allowed_methods, set_security_defaults
from entra.policy.models import SecurityDefaults
from entra.policy.services import allowed_methods

DEFAULTS_READ = frozenset({P.POLICY_READ_ALL, P.POLICY_READ_WRITE_SECURITY_DEFAULTS})
DEFAULTS_WRITE = frozenset({P.POLICY_READ_WRITE_SECURITY_DEFAULTS})
METHODS_READ = frozenset({P.POLICY_READ_ALL, P.POLICY_READ_WRITE_METHODS})
METHODS_WRITE = frozenset({P.POLICY_READ_WRITE_METHODS})
CONFIGURATIONS = {
    "Fido2": (MethodKind.SECURITY_KEY, "#microsoft.graph.fido2AuthenticationMethodConfiguration"),
    "SoftwareOath": (MethodKind.AUTHENTICATOR_APP, "#microsoft.graph.softwareOathAuthenticationMethodConfiguration"),
    "HardwareOath": (MethodKind.HARDWARE_TOKEN, "#microsoft.graph.hardwareOathAuthenticationMethodConfiguration"),
}
"""Recovery codes are ours and have no configuration: they come with the first method."""


def get_security_defaults(call: Call) -> Answer:
    return {
        "id": "00000000-0000-0000-0000-000000000005",
        "displayName": "Security Defaults",
        "description": "Administrators always verify, others at unknown places; everybody registers within 14 days.",
        "isEnabled": SecurityDefaults.objects.filter(tenant=call.caller.tenant).exists(),
    }


def change_security_defaults(call: Call) -> Answer:
    body = Part(call.body())
    body.refuse_others(("isEnabled",))
    with guarded(call.caller.tenant):
        set_security_defaults(tenant=call.caller.tenant, on=body.boolean("isEnabled"), actor=call.caller.actor)
    return None


def _configuration(tenant: Tenant, name: str) -> dict[str, Any]:
    kind, of_type = CONFIGURATIONS[name]
    state = "enabled" if kind in allowed_methods(tenant) else "disabled"
    return {"@odata.type": of_type, "id": name, "state": state}


def get_methods_policy(call: Call) -> Answer:
    tenant = call.caller.tenant
    return {
        "id": "authenticationMethodsPolicy",
        "displayName": "Authentication Methods Policy",
        "description": "The verification methods that people may register and use.",
        "authenticationMethodConfigurations": [_configuration(tenant, name) for name in CONFIGURATIONS],
    }


def get_method(call: Call) -> Answer:
    return _configuration(call.caller.tenant, _named(call))


def change_method(call: Call) -> Answer:
    tenant, name = call.caller.tenant, _named(call)
    body = Part(call.body())
    body.refuse_others(("id", "state"))
    if body.values.get("state") not in {"enabled", "disabled"}:
        raise GraphError.bad_request("'state' has to be enabled or disabled.")
    kind = {CONFIGURATIONS[name][0]}
    allowed = allowed_methods(tenant)
    kinds = allowed | kind if body.values["state"] == "enabled" else allowed - kind
    if kinds <= {MethodKind.RECOVERY_CODE}:
        kinds = frozenset()  # recovery codes never stand alone
    with guarded(tenant):
        set_allowed_methods(tenant=tenant, kinds=kinds, actor=call.caller.actor)
    return None


def _named(call: Call) -> str:
    found = {name.lower(): name for name in CONFIGURATIONS}.get(call.parts["configuration"].lower())
    if found is None:
        raise GraphError.not_found(call.parts["configuration"])
    return found


_DEFAULTS = "policies/identitySecurityDefaultsEnforcementPolicy"
_METHODS = "policies/authenticationMethodsPolicy"
_METHOD = f"{_METHODS}/authenticationMethodConfigurations/<str:configuration>"
OPERATIONS = [
    Operation("GET", _DEFAULTS, get_security_defaults, DEFAULTS_READ, Need.SECURITY),
    Operation("PATCH", _DEFAULTS, change_security_defaults, DEFAULTS_WRITE, Need.SECURITY, mfa=True),
    Operation("GET", _METHODS, get_methods_policy, METHODS_READ, Need.SECURITY),
    Operation("GET", _METHOD, get_method, METHODS_READ, Need.SECURITY),
    Operation("PATCH", _METHOD, change_method, METHODS_WRITE, Need.SECURITY, mfa=True),
]
