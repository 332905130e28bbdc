"""The directory API under `/graph`, in the shapes of Microsoft Graph; under `/graph/ours` what Graph has not."""

from entra.graph.operation import routes
from entra.graph.operations import (
    batch,
    conditional_access,
    cross_tenant_access,
    directory_roles,
    domains,
    forged_tokens,
    groups,
    invitations,
    member_of,
    methods,
    named_locations,
    received_answers,
    registration,
    service_principals,
    sign_ins,
    tenant_policies,
    user_changes,
    users,
    what_if,
)
from entra.signin.demo import in_demo

DIRECTORY = (users, user_changes, member_of, groups, directory_roles, methods, invitations, domains, service_principals)
POLICIES = (conditional_access, cross_tenant_access, named_locations, tenant_policies)
REPORTS = (sign_ins, registration)
urlpatterns = [
    *routes("v1.0", [row for module in (*DIRECTORY, *POLICIES, *REPORTS) for row in module.OPERATIONS]),
    *routes("v1.0", batch.OPERATIONS),
    *routes("beta", [*methods.BETA, *what_if.BETA, *sign_ins.OPERATIONS, *batch.OPERATIONS]),
    *routes("ours", [*what_if.OURS, *received_answers.OURS]),
    *in_demo(routes("ours", forged_tokens.OURS)),
]
