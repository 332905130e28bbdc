"""Inbound trust: whether the MFA that guests did at their home organization is believed (M15)."""

from entra.apps.permissions import GraphPermission as P
from entra.graph.bodies import Part
from entra.graph.operation import Answer, Call, Need, Operation
from entra.oauth.home_trust import change_home_mfa_trust

READ = frozenset({P.POLICY_READ_ALL, P.POLICY_READ_WRITE_CROSS_TENANT_ACCESS})
WRITE = frozenset({P.POLICY_READ_WRITE_CROSS_TENANT_ACCESS})


def get_default(call: Call) -> Answer:
    """Devices are not known here, so nothing that is said of them is believed."""
    accepted = call.caller.tenant.trusts_home_mfa
    return {
        "isServiceDefault": not accepted,
        "inboundTrust": {
            "isMfaAccepted": accepted,
            "isCompliantDeviceAccepted": False,
            "isHybridAzureADJoinedDeviceAccepted": False,
        },
    }


def change_default(call: Call) -> Answer:
    body = Part(call.body())
    body.refuse_others(("inboundTrust",))
    trust = body.part("inboundTrust")
    trust.refuse_others(("isMfaAccepted",))
    change_home_mfa_trust(tenant=call.caller.tenant, on=trust.boolean("isMfaAccepted"), actor=call.caller.actor)
    return None


_DEFAULT = "policies/crossTenantAccessPolicy/default"
OPERATIONS = [
    Operation("GET", _DEFAULT, get_default, READ, Need.SECURITY),
    Operation("PATCH", _DEFAULT, change_default, WRITE, Need.SECURITY, mfa=True),
]
