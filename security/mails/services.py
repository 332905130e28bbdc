"""The verbs of mail subscriptions: add an address, confirm it, change what it gets, end it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import PartnerTenant
from activity.models import AuditRecord
from activity.services import record_audit
from security.audit import SecurityAction
from security.mails import letters
from security.mails.decision import next_summary
from security.mails.links import VALID_FOR, confirmation_token, hashed, to_confirm, to_unsubscribe
from security.mails.posting import post
from security.metrics import Measure
from security.models import MailSubscription
from security.models.mail import MailSubscriptionQuerySet

MOST_ADDRESSES = 20
MOST_QUESTIONS = 20
"""Confirmation mails of a tenant in a day, and of those to one address:"""
MOST_QUESTIONS_TO_ONE = 3
_A_DAY = timedelta(days=1)


class Refusal(StrEnum):
    ALREADY_THERE = "already-there"
    TOO_MANY_ADDRESSES = "too-many-addresses"
    TOO_MANY_QUESTIONS = "too-many-questions"


class Refused(Exception):
    """Nothing was written and nothing is sent."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Choices:
    """What an address gets: a summary on this day of the week (0 is Monday), alerts below these percentages."""

    language: str
    weekly_on: int | None
    thresholds: Mapping[Measure, int]


@transaction.atomic
def subscribe(*, user: Actor, address: str, choices: Choices) -> MailSubscription:
    """Keep the address and ask whoever reads its mail; it gets nothing else before they confirm. Raises Refused."""
    _lock(user)
    own = MailSubscription.objects.visible_to(user)
    if own.filter(address=address.lower()).exists():
        raise Refused(Refusal.ALREADY_THERE)
    if own.count() >= MOST_ADDRESSES:
        raise Refused(Refusal.TOO_MANY_ADDRESSES)
    subscription = MailSubscription(
        tenant_id=user.tenant_id,
        address=address.lower(),
        language=choices.language,
        weekly_on=choices.weekly_on,
        thresholds=dict(choices.thresholds),
        added_by=_name(user),
    )
    _ask(user, subscription)
    return subscription


@transaction.atomic
def ask_again(*, user: Actor, subscription: MailSubscription) -> None:
    """Mail another link to an address that is not confirmed; earlier links end. Raises Refused."""
    _lock(user)
    waiting = MailSubscription.objects.visible_to(user).filter(pk=subscription.pk, confirmed_at=None).first()
    if waiting is None:
        raise Refused(Refusal.ALREADY_THERE)
    _ask(user, waiting)


@transaction.atomic
def change(*, user: Actor, subscription: MailSubscription, choices: Choices) -> None:
    """Other choices for the address; another threshold is watched anew. What was removed meanwhile stays removed."""
    row = MailSubscription.objects.select_for_update().visible_to(user).filter(pk=subscription.pk).first()
    if row is None:
        return
    if row.confirmed_at and row.weekly_on != choices.weekly_on:
        row.weekly_due_on = _first_summary(choices.weekly_on, timezone.now())
    row.below = {
        name: day for name, day in row.below.items() if row.thresholds.get(name) == choices.thresholds.get(name)
    }
    row.language, row.weekly_on, row.thresholds = choices.language, choices.weekly_on, dict(choices.thresholds)
    row.save(update_fields=["language", "weekly_on", "weekly_due_on", "thresholds", "below"])
    _audit(SecurityAction.MAIL_CHANGED, _name(user), row)


@transaction.atomic
def remove(*, user: Actor, subscription: MailSubscription) -> None:
    if MailSubscription.objects.visible_to(user).filter(pk=subscription.pk).delete()[0]:
        _audit(SecurityAction.MAIL_REMOVED, _name(user), subscription)


def asked_by(token: str) -> MailSubscription | None:
    """What a confirmation link is about; None when it was used, replaced or is too old."""
    return _asked_by(token).select_related("tenant").first()


def _asked_by(token: str) -> MailSubscriptionQuerySet:
    key = to_confirm(token)
    if key is None:
        return MailSubscription.objects.none()
    return MailSubscription.objects.filter(pk=key, confirmation_hash=hashed(token))


@transaction.atomic
def confirm(*, token: str) -> MailSubscription | None:
    """Whoever reads the address's mail wants these mails. None when the link does not count (any more)."""
    subscription, now = _asked_by(token).select_for_update().first(), timezone.now()
    if subscription is None:
        return None
    subscription.confirmation_hash, subscription.confirmed_at, subscription.judged_until = "", now, now
    subscription.weekly_due_on = _first_summary(subscription.weekly_on, now)
    subscription.save(update_fields=["confirmation_hash", "confirmed_at", "judged_until", "weekly_due_on"])
    _audit(SecurityAction.MAIL_CONFIRMED, subscription.address, subscription)
    return subscription


@transaction.atomic
def unsubscribe(*, token: str) -> bool:
    """End what the link is about; whether it is a link of ours. It may be followed any number of times."""
    key = to_unsubscribe(token)
    if key is None:
        return False
    ended = MailSubscription.objects.filter(pk=key)
    subscription = ended.first()
    if subscription and ended.delete()[0]:
        _audit(SecurityAction.MAIL_UNSUBSCRIBED, subscription.address, subscription)
    return True


def forget_unconfirmed(now: datetime) -> int:
    """Remove addresses whose link has expired; returns how many."""
    return MailSubscription.objects.filter(confirmed_at=None, asked_at__lt=now - VALID_FOR).delete()[0]


def _ask(user: Actor, subscription: MailSubscription) -> None:
    """The audit log counts the questions, so that removing and adding an address again does not help a mail bomber."""
    now, token = timezone.now(), confirmation_token(subscription.pk)
    asked = AuditRecord.objects.of_tenant(user.tenant_id).filter(
        action=SecurityAction.MAIL_CONFIRMATION_ASKED, at__gt=now - _A_DAY
    )
    to_one = asked.filter(subject=subscription.address)
    if asked.count() >= MOST_QUESTIONS or to_one.count() >= MOST_QUESTIONS_TO_ONE:
        raise Refused(Refusal.TOO_MANY_QUESTIONS)
    subscription.asked_at, subscription.confirmation_hash = now, hashed(token)
    subscription.save()
    post(subscription, lambda: letters.confirmation(subscription, token))
    _audit(SecurityAction.MAIL_CONFIRMATION_ASKED, _name(user), subscription)


def _first_summary(weekly_on: int | None, now: datetime) -> date | None:
    return None if weekly_on is None else next_summary(weekly_on, now)


def _lock(user: Actor) -> None:
    """What is counted of a tenant is counted by one after another."""
    PartnerTenant.objects.select_for_update(no_key=True).filter(pk=user.tenant_id).first()


def _name(user: Actor) -> str:
    return user.user_principal_name or user.display_name


def _audit(action: SecurityAction, actor: str, subscription: MailSubscription) -> None:
    record_audit(
        action=action,
        actor=actor,
        tenant_id=subscription.tenant_id,
        subject=subscription.address,
        detail={"weekly_on": subscription.weekly_on, "thresholds": subscription.thresholds},
    )
