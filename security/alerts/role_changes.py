"""Watches the audit log for one actor who grants or takes away many roles; what was done at the provider counts too."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from accounts.audit import AccountsAction
from activity.models import AuditRecord
from security.alerts.finding import Counting, keep_burst
from security.alerts.reading import SETTLED, of_partners, read_on
from security.alerts.rules import PROVIDER, Limit, Moment, Who, mass_role_change
from security.kinds import AlertKind
from security.models.place import Source
from security.people import person_by_key, shown_name

ROLE_ACTIONS = (AccountsAction.ROLE_ASSIGNED, AccountsAction.ROLE_REMOVED, AccountsAction.ROLES_CHANGED)


def watch_role_changes(now: datetime) -> int:
    """Judge the changes since the last turn; returns how many alerts were made."""
    limit = Limit(settings.ALERT_ROLE_CHANGES, timedelta(minutes=settings.ALERT_ROLE_CHANGE_MINUTES))
    counting = Counting(AlertKind.MASS_ROLE_CHANGE, mass_role_change, limit, "at", _moments)

    def read(since: datetime, until: datetime, alerts_from: datetime) -> int:
        new = of_partners(role_changes(), since, until)
        actors = new.order_by().values_list("tenant_id", "actor").distinct()
        floor = max(since - limit.within, alerts_from)
        return sum(_count(tenant, actor, counting, floor, until) for tenant, actor in actors if tenant)

    return read_on(Source.ROLE_CHANGES, end=now - SETTLED, back=timedelta(), read=read)


def role_changes() -> QuerySet[AuditRecord]:
    return AuditRecord.objects.filter(action__in=[action.value for action in ROLE_ACTIONS])


def _count(tenant_id: UUID, actor: str, counting: Counting, floor: datetime, until: datetime) -> int:
    rows = role_changes().filter(tenant_id=tenant_id, actor=actor, at__gte=floor, at__lt=until)
    return keep_burst(tenant_id, Who(actor, _name(tenant_id, actor)), counting, rows)


def _name(tenant_id: UUID, actor: str) -> str:
    """Who stands in the audit log by a key; local changes name the same key."""
    if actor == PROVIDER:
        return ""
    person = person_by_key(tenant_id, actor)
    return shown_name(person) if person else actor


def _moments(rows: QuerySet[Any]) -> list[Moment]:
    return list(_each_role(rows.values_list("at", "subject", "detail")))


def _each_role(rows: QuerySet[Any, tuple[datetime, str, Mapping[str, Any]]]) -> Iterator[Moment]:
    """An event of the provider says what somebody had before and has now: each role of the difference is a change."""
    for at, subject, detail in rows.iterator(chunk_size=500):
        roles = set(detail.get("before", [])) ^ set(detail.get("after", [])) if "after" in detail else {""}
        yield from [Moment(at, subject)] * len(roles)
