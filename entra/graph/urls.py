"""The directory API under `/graph`, in the shapes of Microsoft Graph; under `/graph/ours` what Graph has not."""

from entra.graph.operation import routes
from entra.graph.operations import (
    conditional_access,
    domains,
    named_locations,
    registration,
    sign_ins,
    tenant_policies,
    users,
    what_if,
)

V1 = (users, sign_ins, registration, conditional_access, named_locations, tenant_policies, domains)
urlpatterns = [
    *routes("v1.0", [operation for module in V1 for operation in module.OPERATIONS]),
    *routes("beta", what_if.BETA),
    *routes("ours", what_if.OURS),
]
