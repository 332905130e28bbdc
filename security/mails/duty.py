"""The turn of the loop that writes mails about the security requirements status."""

from datetime import UTC, date, datetime
from itertools import groupby

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import Cloud, PartnerTenant
from activity.loop import each
from security.mails import letters
from security.mails.decision import judge, next_summary, summary_is_due
from security.mails.posting import post
from security.mails.status import Status, status_of
from security.metrics import Measure
from security.models import MailSubscription, StatusSnapshot


def mail_due() -> int:
    """Write what is due now; return how many mails. Neither a tenant's nor an address's failure keeps others waiting:
    raises ExceptionGroup at the end."""
    now = timezone.now()
    rows = due(now).select_related("tenant")
    groups = [(tenant, list(found)) for tenant, found in groupby(rows, lambda row: row.tenant)]
    return each(groups, lambda group: _mail_tenant(*group, now))


def due(now: datetime) -> "QuerySet[MailSubscription]":
    """Those who have not been told of the last snapshot, or whose day it is; of sovereign clouds nobody (Q6)."""
    last = StatusSnapshot.objects.filter(tenant=OuterRef("tenant")).order_by("-day").values("taken_at")[:1]
    confirmed = MailSubscription.objects.confirmed().filter(tenant__cloud=Cloud.GLOBAL)
    today = now.astimezone(UTC).date()
    wanted = Q(judged_until__lt=F("found_at")) | Q(weekly_due_on__lte=today)
    return confirmed.alias(found_at=Subquery(last)).filter(wanted).order_by("tenant_id", "address")


def _mail_tenant(tenant: PartnerTenant, subscriptions: list[MailSubscription], now: datetime) -> int:
    status = status_of(tenant)
    if status is None:
        return 0
    return each(subscriptions, lambda subscription: _mail(subscription, status, now))


@transaction.atomic
def _mail(subscription: MailSubscription, status: Status, now: datetime) -> int:
    """What was told is kept together with the mail, so a process that is killed neither repeats nor loses one."""
    row = MailSubscription.objects.select_for_update().confirmed().filter(pk=subscription.pk).first()
    if row is None:  # unsubscribed meanwhile
        return 0
    written = _alert(row, status) + _summary(row, status, now)
    row.save(update_fields=["judged_until", "below", "weekly_due_on"])
    return written


def _alert(row: MailSubscription, status: Status) -> int:
    if row.judged_until and row.judged_until >= status.snapshot.taken_at:
        return 0
    row.judged_until = status.snapshot.taken_at
    below = {Measure(name): date.fromisoformat(day) for name, day in row.below.items()}
    judgement = judge(status.percents, row.watched, below, status.snapshot.day)
    row.below = {measure: day.isoformat() for measure, day in judgement.below.items()}
    crossed = {measure: percent for measure, percent in row.watched.items() if measure in judgement.crossed}
    return post(row, lambda: letters.alert(row, status, crossed)) if crossed else 0


def _summary(row: MailSubscription, status: Status, now: datetime) -> int:
    if row.weekly_on is None:
        return 0
    if not summary_is_due(row.weekly_due_on, status.snapshot.day, was_read=status.was_read, now=now):
        return 0
    row.weekly_due_on = next_summary(row.weekly_on, now)
    return post(row, lambda: letters.summary(row, status))
