"""References to objects of the directory: `{"@odata.id": "…/directoryObjects/{id}"}` (OData 4.01, 11.4.6)."""

import re
from uuid import UUID

import msgspec

from entra.directory.models import Group, User
from entra.graph.errors import GraphError
from entra.graph.operation import Call

_REFERENCE = re.compile(r"/(?:directoryObjects|users|groups)/(?P<id>[0-9A-Fa-f-]{36})$")


class Reference(msgspec.Struct, forbid_unknown_fields=True):
    """Only the id counts: it is looked up in the caller's own tenant, whatever host the address names."""

    odata_id: str = msgspec.field(name="@odata.id")


def referenced(call: Call) -> User | Group:
    """The user or group that the body refers to. Raises GraphError (404 for what is not of this tenant)."""
    address = call.body_as(Reference).odata_id
    found = _REFERENCE.search(address)
    if found is None:
        raise GraphError.bad_request("@odata.id has to be the address of a directory object.")
    return find_object(call, found["id"])


def find_object(call: Call, name: str) -> User | Group:
    """The user or group of the caller's tenant with this id. Raises GraphError (404)."""
    try:
        wanted = UUID(name)
    except ValueError:
        raise GraphError.not_found(name) from None
    tenant = call.caller.tenant
    found = (
        User.objects.filter(tenant=tenant, pk=wanted).first() or Group.objects.filter(tenant=tenant, pk=wanted).first()
    )
    if found is None:
        raise GraphError.not_found(name)
    return found
