"""Service health as the API's service incidents, by workload."""

from functools import partial
from itertools import groupby

from api.call import Call
from api.faults import bad_input, not_found
from api.registry import Auth, Operation, Query, Subject, roles
from api.structs import service_requests as shapes
from api.structs.base import Collection, Link, Links
from support.models import IncidentStatus, ServiceIncident

_EVERYTHING = "office"
"""What clients name to get the incidents of all workloads."""
_WORST_FIRST = (IncidentStatus.CRITICAL, IncidentStatus.WARNING, IncidentStatus.INFORMATION, IncidentStatus.NORMAL)
_SWITCH = {"": None, "true": True, "false": False}


def _list(call: Call) -> Collection[shapes.ServiceIncidents]:
    wanted = call.parts.get("workload", _EVERYTHING).lower()
    resolved = call.text("resolved").lower()
    if resolved not in _SWITCH:
        raise bad_input("resolved has to be true or false.", "resolved")
    rows = ServiceIncident.objects.visible_to(call.caller).prefetch_related("updates")
    found = rows.order_by("workload", "-last_updated_time", "-pk")
    groups = [_of_workload(name, list(each)) for name, each in groupby(found, key=lambda row: row.workload)]
    if wanted != _EVERYTHING:
        groups = [group for group in groups if _spelled(group.workload) == wanted]
        if not groups:
            raise not_found("The workload")
    if (over := _SWITCH[resolved]) is not None:
        groups = [_narrowed(group, resolved=over) for group in groups]
    path = call.request.path.removeprefix("/v1")
    return Collection(total_count=len(groups), items=groups, links=Links(self_=Link(uri=path)))


def _spelled(workload: str) -> str:
    """As addresses have it: `exchange-online`."""
    return "-".join(workload.lower().split())


def _of_workload(workload: str, rows: list[ServiceIncident]) -> shapes.ServiceIncidents:
    worst = min((IncidentStatus(row.status) for row in rows), key=_WORST_FIRST.index)
    return shapes.ServiceIncidents(workload, worst.value, [_incident(row) for row in rows])


def _narrowed(group: shapes.ServiceIncidents, *, resolved: bool) -> shapes.ServiceIncidents:
    kept = [incident for incident in group.incidents if incident.resolved == resolved]
    return shapes.ServiceIncidents(group.workload, group.status, kept)


def _incident(row: ServiceIncident) -> shapes.Incident:
    return shapes.Incident(
        id=row.number,
        workload=row.workload,
        affected_workload_names=[row.workload],
        impacted_area=row.impact,
        message_type="incident",
        start_time=row.start_time,
        end_time=row.end_time,
        status=row.status,
        severity=row.status,
        resolved=row.status == IncidentStatus.NORMAL,
        messages=[shapes.Message(each.posted_at, each.text) for each in row.updates.all()],
    )


_row = partial(
    Operation,
    "GET",
    answer=_list,
    subject=Subject.OTHER,
    auth=Auth.BOTH,
    auth_2021=Auth.APP_USER,
    roles=roles("A S H B G Y"),
    gives=Collection[shapes.ServiceIncidents],
    query=(Query("resolved", "true or false: only incidents that are over, or only those that are not."),),
)

OPERATIONS = [
    _row(template="serviceincidents", summary="List service incidents"),
    _row(
        template="serviceincidents/{workload}",
        summary="List service incidents of a workload, such as exchange-online; office is all of them",
    ),
]
