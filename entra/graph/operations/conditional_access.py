"""Conditional access policies: read and write (V13)."""

from http import HTTPStatus
from uuid import UUID

from django.db.models import QuerySet

from entra.apps.permissions import GraphPermission as P
from entra.graph.access_policies import STATES, facts_of, merged, policy_shape
from entra.graph.bodies import guarded
from entra.graph.errors import GraphError
from entra.graph.filters import Field
from entra.graph.odata import collection, read, selected
from entra.graph.operation import Answer, Call, Need, Operation
from entra.policy.administration import remove_policy, save_policy
from entra.policy.models import ConditionalAccessPolicy

READ = frozenset({P.POLICY_READ_ALL, P.POLICY_READ_WRITE_CONDITIONAL_ACCESS})
WRITE = frozenset({P.POLICY_READ_WRITE_CONDITIONAL_ACCESS})
FIELDS = {
    "id": Field("pk", UUID),
    "displayName": Field("name"),
    "state": Field("state", str, {name: state.value for name, state in STATES.items()}),
}


def policies_of(call: Call) -> "QuerySet[ConditionalAccessPolicy]":
    policies = ConditionalAccessPolicy.objects.filter(tenant=call.caller.tenant)
    return policies.select_related("tenant", "custom_control").prefetch_related(
        "include_locations", "exclude_locations"
    )


def find_policy(call: Call) -> ConditionalAccessPolicy:
    policy = policies_of(call).filter(pk=call.parts["policy"]).first()
    if policy is None:
        raise GraphError.not_found(call.parts["policy"])
    return policy


def list_policies(call: Call) -> Answer:
    query = read(call.request, FIELDS, order="displayName")
    return collection(call.request, query, policies_of(call), policy_shape)


def get_policy(call: Call) -> Answer:
    return selected(policy_shape(find_policy(call)), read(call.request, FIELDS).select)


def create_policy(call: Call) -> Answer:
    tenant = call.caller.tenant
    facts = facts_of(tenant, call.body())
    _refuse_known_name(call, facts["name"], None)
    with guarded(tenant):
        policy = save_policy(tenant=tenant, actor=call.caller.actor, **facts)
    return policy_shape(policy)


def change_policy(call: Call) -> Answer:
    tenant, policy = call.caller.tenant, find_policy(call)
    facts = facts_of(tenant, merged(policy_shape(policy), call.body()))
    _refuse_known_name(call, facts["name"], policy)
    with guarded(tenant):
        save_policy(tenant=tenant, policy=policy, actor=call.caller.actor, **facts)
    return None


def delete_policy(call: Call) -> Answer:
    policy = find_policy(call)
    remove_policy(tenant=policy.tenant, name=policy.name, actor=call.caller.actor)  # demands only ever become fewer
    return None


def _refuse_known_name(call: Call, name: str, policy: ConditionalAccessPolicy | None) -> None:
    others = policies_of(call).filter(name=name)
    if (others.exclude(pk=policy.pk) if policy else others).exists():
        raise GraphError.conflict(f"There is a policy named '{name}' already.")


_POLICIES = "identity/conditionalAccess/policies"
_POLICY = f"{_POLICIES}/<uuid:policy>"
OPERATIONS = [
    Operation("GET", _POLICIES, list_policies, READ, Need.SECURITY),
    Operation("POST", _POLICIES, create_policy, WRITE, Need.SECURITY, mfa=True, status=HTTPStatus.CREATED),
    Operation("GET", _POLICY, get_policy, READ, Need.SECURITY),
    Operation("PATCH", _POLICY, change_policy, WRITE, Need.SECURITY, mfa=True),
    Operation("DELETE", _POLICY, delete_policy, WRITE, Need.SECURITY, mfa=True),
]
