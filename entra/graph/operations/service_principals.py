"""The applications of a tenant by their ids, so that a report can name them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from entra.apps.models import Application
from entra.apps.permissions import GraphPermission as P
from entra.apps.permitted import applications_in
from entra.directory.models import Tenant
from entra.graph.filters import Field
from entra.graph.odata import collection, read
from entra.graph.operation import Answer, Call, Need, Operation

FIELDS = {
    "appId": Field("pk", UUID),
    "displayName": Field("name"),
    "appOwnerOrganizationId": Field("tenant_id", UUID),
    "accountEnabled": Field("enabled", bool),
}


def _shape_in(tenant: Tenant) -> Callable[[Application], dict[str, Any]]:
    def shape(application: Application) -> dict[str, Any]:
        return {
            "id": str(application.principal_in(tenant.pk)),
            "appId": str(application.pk),
            "displayName": application.name,
            "appOwnerOrganizationId": str(application.tenant_id),
            "accountEnabled": application.enabled,
        }

    return shape


def list_service_principals(call: Call) -> Answer:
    tenant = call.caller.tenant
    query = read(call.request, FIELDS, order="appId")
    return collection(call.request, query, applications_in(tenant), _shape_in(tenant))


OPERATIONS = [
    Operation("GET", "servicePrincipals", list_service_principals, frozenset({P.APPLICATION_READ_ALL}), Need.SECURITY),
]
