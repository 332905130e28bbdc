"""What happens when a subscription's term is over, and what every change of a subscription brings with it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from activity.loop import each
from activity.services import record_audit
from customers.audit import CustomerAction
from customers.models import PastQuantity, Subscription, SubscriptionStatus
from customers.terms import running_term_end
from webhooks.models import Event
from webhooks.services import announce

_RUNNING = (SubscriptionStatus.ACTIVE, SubscriptionStatus.SUSPENDED)
_SYSTEM = "system"


def settle_terms() -> int:
    """Renew or end every subscription whose term is over; return how many there were. Raises ExceptionGroup."""
    over = Subscription.objects.filter(status__in=_RUNNING, commitment_end_date__lt=timezone.now().date())
    return each(over.order_by().values_list("pk", flat=True), _settle)


@transaction.atomic
def _settle(key: UUID) -> bool:
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("customer")
    found = rows.filter(pk=key).first()
    return found is not None and settle_term(found)


def settle_term(subscription: Subscription) -> bool:
    """Renew a locked subscription whose term is over, or end it when it does not renew; return whether it was over."""
    today, ended = timezone.now().date(), subscription.commitment_end_date
    if subscription.status not in _RUNNING or ended >= today:
        return False
    if subscription.auto_renew_enabled:
        ends = running_term_end(subscription.effective_start_date, subscription.term_duration, today)
        changed: dict[str, Any] = {"commitment_end_date": [str(ended), str(ends)]}
        subscription.commitment_end_date = ends
    else:
        if subscription.counted:
            remember(subscription, subscription.counted, until=ended + timedelta(days=1))
        changed = {"status": [subscription.status, SubscriptionStatus.EXPIRED]}
        subscription.status = SubscriptionStatus.EXPIRED
        suspended = suspend_add_ons(subscription)
        changed |= {"add_ons_suspended": suspended} if suspended else {}
    subscription.version += 1
    subscription.save(update_fields=["commitment_end_date", "status", "version"])
    tell_of_change(subscription, actor=_SYSTEM, changed=changed)
    return True


def remember(subscription: Subscription, counted: int, *, until: date) -> None:
    """What was used until this day began is charged for, whatever follows."""
    PastQuantity.objects.create(subscription=subscription, until=until, quantity=counted)


def suspend_add_ons(subscription: Subscription) -> int:
    """Suspend what adds to a subscription that counts no more; return how many there were."""
    active = list(subscription.add_ons.select_for_update().filter(status=SubscriptionStatus.ACTIVE))
    for add_on in active:
        remember(add_on, add_on.counted, until=timezone.now().date())
    named = Subscription.objects.filter(pk__in=[add_on.pk for add_on in active])
    return named.update(status=SubscriptionStatus.SUSPENDED, version=F("version") + 1)


def tell_of_change(subscription: Subscription, *, actor: str, changed: dict[str, Any]) -> None:
    """The audit log, and the partner's receiver."""
    customer = subscription.customer
    record_audit(
        action=CustomerAction.SUBSCRIPTION_CHANGED,
        actor=actor,
        tenant_id=customer.partner_id,
        subject=customer.company_name,
        detail={
            "customer": str(customer.tenant_id),
            "subscription": str(subscription.pk),
            "offer": subscription.offer_id,
            "changed": changed,
        },
    )
    announce(
        Event.SUBSCRIPTION_UPDATED,
        partner_id=customer.partner_id,
        resource_name="subscription",
        path=f"/v1/customers/{customer.tenant_id}/subscriptions/{subscription.pk}",
    )
