"""Watches calls of the REST API: applications that come from a new network, and calls refused for lack of MFA."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min, QuerySet

from activity.models import NO_MFA, ApiRequest
from activity.newest import Newest
from activity.proxies import network_of
from activity.writer import stored_until
from security.alerts.finding import Counting, keep, keep_burst
from security.alerts.places import Sightings, histories, seen_within
from security.alerts.reading import SETTLED, batches, of_partners, read_on
from security.alerts.rules import AppUse, Limit, Moment, Who, mfa_refusals, new_app_network
from security.kinds import AlertKind
from security.models.place import Source

_A_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
Used = tuple[UUID, str, str, datetime, datetime, int]
Refused = tuple[UUID, str, str, datetime]


def watch_calls(now: datetime) -> int:
    """Judge the calls since the last turn; returns how many alerts were made or touched."""
    end = stored_until(now) - SETTLED
    return read_on(Source.CALLS, end=end, back=seen_within(), read=_read)


def _read(since: datetime, until: datetime, alerts_from: datetime) -> int:
    calls = of_partners(ApiRequest.objects.order_by(), since, until)
    used: QuerySet[Any, Used] = (
        calls.values_list("tenant_id", "application_id", "ip")
        .annotate(first=Min("at"), last=Max("at"), calls=Count("pk"))
        .order_by("first")
    )
    found = sum(_judge(batch, alerts_from) for batch in batches(used))
    return found + _count_refused(max(since - _HOUR, alerts_from), since, until)


def _judge(used: list[Used], alerts_from: datetime) -> int:
    uses = [
        ((tenant, f"application {application}"), AppUse(application, network_of(ip), first, last, calls))
        for tenant, application, ip, first, last, calls in used
    ]
    within = seen_within()
    networks = {use.network for _subject, use in uses}
    known = histories({subject for subject, _use in uses}, uses[0][1].first - within, networks=networks)
    sightings, touched = Sightings(), 0
    for subject, use in uses:
        if not use.network:
            continue
        finding = (
            new_app_network(use, known[subject], within=within, least=_A_DAY) if use.first >= alerts_from else None
        )
        if finding:
            finding.details.update(_first_call(subject[0], use))
        alert = keep(subject[0], finding) if finding else None
        touched += alert is not None
        if alert is None:
            known[subject].add(first=use.first, last=use.last, network=use.network)
        sightings.add(subject, use.network, "", use.first, use.last, alert)
    sightings.store()
    return touched


def _first_call(tenant_id: UUID, use: AppUse) -> dict[str, str]:
    """The call to look at, with the person it was made for."""
    call = ApiRequest.objects.filter(tenant_id=tenant_id, at=use.first, application_id=use.application_id).first()
    if call is None:
        return {}
    return {"call": str(call.pk), "correlation_id": call.correlation_id, "person": call.user_id, "name": call.user_name}


def _count_refused(floor: datetime, since: datetime, until: datetime) -> int:
    limit = Limit(settings.ALERT_MFA_REFUSALS, _HOUR)
    counting = Counting(AlertKind.MFA_REFUSALS, mfa_refusals, limit, "at", _moments)
    refused = of_partners(ApiRequest.objects.filter(code=NO_MFA).order_by(), floor, until)
    people, made = _many(refused, "user_id", limit), 0
    for tenant, key, name, last in people:
        if last >= since:
            made += keep_burst(tenant, Who(key, name), counting, refused.filter(tenant_id=tenant, user_id=key))
    others = refused.exclude(user_id__in=[key for _tenant, key, _name, _last in people])  # those are told already
    for tenant, key, _name, last in _many(others, "application_id", limit):
        if last >= since:
            rows = others.filter(tenant_id=tenant, application_id=key)
            made += keep_burst(tenant, Who(key, key, is_application=True), counting, rows)
    return made


def _many(refused: QuerySet[ApiRequest], field: str, limit: Limit) -> list[Refused]:
    """Whose calls were refused that often."""
    by_whom = refused.exclude(**{field: ""}).values_list("tenant_id", field)
    counted = by_whom.annotate(name=Newest("user_name", "at"), last=Max("at"), times=Count("pk"))
    return [(tenant, key, name, last) for tenant, key, name, last, _times in counted.filter(times__gte=limit.least)]


def _moments(rows: QuerySet[Any]) -> list[Moment]:
    return [Moment(at) for at in rows.values_list("at", flat=True)]
