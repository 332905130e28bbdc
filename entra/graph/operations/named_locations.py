"""Named locations: read and write (V13)."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from entra.graph.access_policies import merged
from entra.graph.bodies import Part, guarded
from entra.graph.errors import GraphError
from entra.graph.filters import Field
from entra.graph.moments import moment
from entra.graph.odata import collection, read, selected
from entra.graph.operation import Answer, Call, Need, Operation
from entra.graph.operations.conditional_access import READ, WRITE
from entra.policy.administration import LocationInUse, remove_location, save_location
from entra.policy.models import NamedLocation

FIELDS = {"id": Field("pk", UUID), "displayName": Field("name"), "isTrusted": Field("is_trusted", bool)}
_TYPE = "#microsoft.graph.ipNamedLocation"
_RANGE_TYPES = {4: "#microsoft.graph.iPv4CidrRange", 6: "#microsoft.graph.iPv6CidrRange"}


def location_shape(location: NamedLocation) -> dict[str, Any]:
    return {
        "@odata.type": _TYPE,
        "id": str(location.pk),
        "displayName": location.name,
        "isTrusted": location.is_trusted,
        "ipRanges": [
            {"@odata.type": _RANGE_TYPES[6 if ":" in one else 4], "cidrAddress": one} for one in location.cidr_ranges
        ],
        "createdDateTime": moment(location.created_at),
        "modifiedDateTime": moment(location.modified_at),
    }


def _facts(body: dict[str, Any]) -> dict[str, Any]:
    if body.get("@odata.type") != _TYPE:
        raise GraphError.bad_request(f"'@odata.type' has to be {_TYPE}.")
    whole = Part(body)
    whole.refuse_others(("id", "displayName", "isTrusted", "ipRanges", "createdDateTime", "modifiedDateTime"))
    ranges = [part.text("cidrAddress", longest=50) for part in whole.parts("ipRanges")]
    if not ranges:
        raise GraphError.bad_request("'ipRanges' has to hold at least one range.")
    return {
        "name": whole.text("displayName", longest=120),
        "is_trusted": whole.boolean("isTrusted", default=False),
        "cidr_ranges": ranges,
    }


def _locations(call: Call) -> "QuerySet[NamedLocation]":
    return NamedLocation.objects.filter(tenant=call.caller.tenant)


def _find(call: Call) -> NamedLocation:
    location = _locations(call).select_related("tenant").filter(pk=call.parts["location"]).first()
    if location is None:
        raise GraphError.not_found(call.parts["location"])
    return location


def list_locations(call: Call) -> Answer:
    query = read(call.request, FIELDS, order="displayName")
    return collection(call.request, query, _locations(call), location_shape)


def get_location(call: Call) -> Answer:
    return selected(location_shape(_find(call)), read(call.request, FIELDS).select)


def create_location(call: Call) -> Answer:
    return location_shape(_save(call, _facts(call.body()), None))


def change_location(call: Call) -> Answer:
    location = _find(call)
    _save(call, _facts(merged(location_shape(location), call.body())), location)
    return None


def _save(call: Call, facts: dict[str, Any], location: NamedLocation | None) -> NamedLocation:
    others = _locations(call).filter(name=facts["name"])
    if (others.exclude(pk=location.pk) if location else others).exists():
        raise GraphError.conflict(f"There is a named location '{facts['name']}' already.")
    try:
        with guarded(call.caller.tenant):
            return save_location(tenant=call.caller.tenant, location=location, actor=call.caller.actor, **facts)
    except ValueError as error:
        raise GraphError.bad_request(f"'ipRanges': {error}. Give ranges such as 192.0.2.0/24.") from error


def delete_location(call: Call) -> Answer:
    try:
        remove_location(location=_find(call), actor=call.caller.actor)
    except LocationInUse as refusal:
        raise GraphError.bad_request("A policy names this location. Change the policy first.") from refusal
    return None


_LOCATIONS = "identity/conditionalAccess/namedLocations"
_LOCATION = f"{_LOCATIONS}/<uuid:location>"
OPERATIONS = [
    Operation("GET", _LOCATIONS, list_locations, READ, Need.SECURITY),
    Operation("POST", _LOCATIONS, create_location, WRITE, Need.SECURITY, mfa=True, status=HTTPStatus.CREATED),
    Operation("GET", _LOCATION, get_location, READ, Need.SECURITY),
    Operation("PATCH", _LOCATION, change_location, WRITE, Need.SECURITY, mfa=True),
    Operation("DELETE", _LOCATION, delete_location, WRITE, Need.SECURITY, mfa=True),
]
