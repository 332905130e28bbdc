"""Watches portal sessions for people who come from where they never did: somebody may have their password."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet

from accounts.models import PortalSession, Purpose, SignInRequest, User
from accounts.models.signin import Result
from accounts.roles import Role
from security.alerts.devices import device_of
from security.alerts.finding import Counting, keep, keep_burst
from security.alerts.places import Sightings, Subject, histories, seen_within
from security.alerts.reading import SETTLED, batches, read_on
from security.alerts.rules import Limit, Moment, SignIn, Who, refused_step_ups, unusual_sign_in
from security.kinds import AlertKind
from security.models.place import Source
from security.people import person_key, shown_name

_KEPT_SESSIONS = timedelta(days=2)
_POWERFUL = frozenset({Role.ADMIN_AGENT, Role.GLOBAL_ADMIN, Role.SECURITY_ADMIN, Role.OPERATOR})
_HOUR = timedelta(hours=1)
_REFUSED = (Result.UNSATISFIED, Result.BLOCKED, Result.FAILED)


def watch_sign_ins(now: datetime) -> int:
    """Judge the sessions opened since the last turn; returns how many alerts were touched."""
    return read_on(Source.SIGN_INS, end=now - SETTLED, back=_KEPT_SESSIONS, read=_read)


def _read(since: datetime, until: datetime, alerts_from: datetime) -> int:
    opened = PortalSession.objects.filter(created_at__gte=since, created_at__lt=until).exclude(network="")
    rows = opened.select_related("user__tenant").order_by("created_at", "pk")
    return sum(_judge(batch, alerts_from) for batch in batches(rows))


def _judge(opened: list[PortalSession], alerts_from: datetime) -> int:
    within = seen_within()
    subjects = {_subject(session.user) for session in opened}
    known = histories(subjects, opened[0].created_at - within)
    sightings, raised = Sightings(), 0
    for session in opened:
        user, at = session.user, session.created_at
        subject = _subject(user)
        seen = SignIn(
            person=person_key(user),
            name=shown_name(user),
            network=session.network,
            device=device_of(session.user_agent),
            at=at,
            powerful=bool(_POWERFUL & user.roles),
        )
        finding = unusual_sign_in(seen, known[subject], within=within) if at >= alerts_from else None
        alert = keep(user.tenant_id, finding) if finding else None
        raised += alert is not None
        if alert is None:  # a place that an alert is about is not known before somebody says so
            known[subject].add(first=at, last=at, network=seen.network, device=seen.device)
        sightings.add(subject, seen.network, seen.device, at, at, alert)
    sightings.store()
    return raised


def _subject(user: User) -> Subject:
    return user.tenant_id, f"person {person_key(user)}"


def watch_step_ups(now: datetime) -> int:
    """Count failed verifications of the last hour: requests to the provider are kept no longer."""
    limit = Limit(settings.ALERT_FAILED_VERIFICATIONS, _HOUR)
    refused = SignInRequest.objects.filter(
        purpose=Purpose.STEP_UP, result__in=_REFUSED, used_at__gt=now - _HOUR, used_at__lte=now
    )
    many = refused.values_list("session__user").annotate(times=Count("pk")).filter(times__gte=limit.least)
    counting = Counting(AlertKind.REFUSED_STEP_UPS, refused_step_ups, limit, "used_at", _moments)
    raised = 0
    for user in User.objects.filter(pk__in=[key for key, _times in many]):
        who = Who(person_key(user), shown_name(user))
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two processes would count the same twice
            raised += keep_burst(user.tenant_id, who, counting, refused.filter(session__user=user))
    return raised


def _moments(rows: QuerySet[Any]) -> list[Moment]:
    return [Moment(at) for at in rows.values_list("used_at", flat=True)]
