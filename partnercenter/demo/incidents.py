"""The demo's service incidents."""

from datetime import timedelta
from typing import Any

from fluent.listing import folded
from partnercenter.demo.world import Demo
from support.models import IncidentUpdate, ServiceIncident


def seed_incidents(demo: Demo) -> None:
    if ServiceIncident.objects.exists():
        return
    rows = demo.catalog["incidents"]
    incidents = ServiceIncident.objects.bulk_create([_incident(demo, row) for row in rows])
    IncidentUpdate.objects.bulk_create(
        [update for incident, row in zip(incidents, rows, strict=True) for update in _updates(incident, row)]
    )


def _incident(demo: Demo, row: dict[str, Any]) -> ServiceIncident:
    began = demo.now - timedelta(days=row["beganDaysAgo"], hours=5)
    ended = demo.now - timedelta(days=row["endedDaysAgo"], hours=2) if row["endedDaysAgo"] is not None else None
    return ServiceIncident(
        number=row["number"],
        workload=row["workload"],
        title=row["title"],
        impact=row["impact"],
        status=row["status"],
        start_time=began,
        end_time=ended,
        last_updated_time=ended or began + timedelta(hours=len(row["updates"])),
        search_text=folded(row["number"], row["workload"], row["title"]),
    )


def _updates(incident: ServiceIncident, row: dict[str, Any]) -> list[IncidentUpdate]:
    texts = row["updates"]
    step = (incident.last_updated_time - incident.start_time) / len(texts)
    return [
        IncidentUpdate(incident=incident, text=text, posted_at=incident.start_time + step * (number + 1))
        for number, text in enumerate(texts)
    ]
