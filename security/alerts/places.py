"""What is known of where people and applications come from, for a batch of them at a time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Min

from security.alerts.rules import History
from security.models import KnownPlace, SecurityAlert

Subject = tuple[UUID, str]


def seen_within() -> timedelta:
    return timedelta(days=settings.ALERT_HISTORY_DAYS)


def histories(
    subjects: Iterable[Subject], since: datetime, *, networks: Iterable[str] | None = None
) -> dict[Subject, History]:
    """The trusted places of these subjects that were seen since then; with `networks`, of these networks alone.

    `since` of a history is in any case that of all its places. Two queries, one without `networks`.
    """
    wanted = list(subjects)
    found = {subject: History() for subject in wanted}
    rows = KnownPlace.objects.trusted().filter(
        tenant_id__in={tenant for tenant, _subject in wanted},
        subject__in={subject for _tenant, subject in wanted},
        last_seen_at__gte=since,
    )
    if networks is not None:
        for tenant, subject, first in rows.values_list("tenant_id", "subject").annotate(Min("first_seen_at")):
            if (tenant, subject) in found:
                found[tenant, subject].since = first
        rows = rows.filter(network__in=set(networks))
    for place in rows:
        if (place.tenant_id, place.subject) in found:
            found[place.tenant_id, place.subject].add(
                first=place.first_seen_at, last=place.last_seen_at, network=place.network, device=place.device
            )
    return found


class Sightings:
    """Collects where somebody was seen, and stores a batch of it with two statements."""

    def __init__(self) -> None:
        self._places: dict[tuple[UUID, str, str, str], KnownPlace] = {}

    def add(
        self, subject: Subject, network: str, device: str, first: datetime, last: datetime, alert: SecurityAlert | None
    ) -> None:
        key = (*subject, network, device)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = KnownPlace(
                tenant_id=subject[0],
                subject=subject[1],
                network=network,
                device=device,
                first_seen_at=first,
                last_seen_at=last,
            )
        place.last_seen_at, place.alert = max(last, place.last_seen_at), alert or place.alert

    def store(self) -> None:
        """A place that was known already is marked seen; what an alert was raised about points to it."""
        raised = [place for place in self._places.values() if place.alert is not None]
        others = [place for place in self._places.values() if place.alert is None]
        for places, changed in ((others, ["last_seen_at"]), (raised, ["last_seen_at", "alert"])):
            KnownPlace.objects.bulk_create(
                places,
                update_conflicts=True,
                unique_fields=["tenant", "subject", "network", "device"],
                update_fields=changed,
            )
