"""Changing a subscription."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from customers.changes import Change, ChangeRefusal, Standing, refusal
from customers.models import Sku, Subscription, SubscriptionStatus
from customers.services import EditConflict
from customers.services.terms import remember, settle_term, suspend_add_ons, tell_of_change


class ChangeRefused(Exception):
    """A rule forbids the change; nothing was written."""

    def __init__(self, reason: ChangeRefusal, standing: Standing) -> None:
        super().__init__(reason)
        self.reason, self.standing = reason, standing


@transaction.atomic
def change_subscription(
    *, user: Actor, subscription: Subscription, change: Change, expected_version: int | None = None
) -> Subscription:
    """Write what differs, and suspend the add-ons of what is suspended; return the subscription as it is now.

    Without `expected_version` the newest version is changed. Raises EditConflict, ChangeRefused.
    """
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("parent", "customer", "order_line")
    current = rows.get(pk=subscription.pk)
    if expected_version is not None and current.version != expected_version:
        raise EditConflict
    settle_term(current)
    standing = _standing(current)
    if (reason := refusal(standing, change)) is not None:
        raise ChangeRefused(reason, standing)
    wanted = {name: value for name, value in asdict(change).items() if value is not None}
    changed: dict[str, Any] = {
        name: [getattr(current, name), value] for name, value in wanted.items() if getattr(current, name) != value
    }
    if not changed:
        return current
    counted = current.counted
    for name, value in wanted.items():
        setattr(current, name, value)
    if current.counted != counted:
        remember(current, counted, until=timezone.now().date())
    current.version += 1
    current.save(update_fields=[*changed, "version"])
    if "status" in changed and current.status == SubscriptionStatus.SUSPENDED:
        suspended = suspend_add_ons(current)
        changed |= {"add_ons_suspended": suspended} if suspended else {}
    tell_of_change(current, actor=user.user_principal_name, changed=changed)
    return current


def _standing(subscription: Subscription) -> Standing:
    offer = Sku.objects.filter(pk=subscription.offer_id).first()
    limits = {} if offer is None else {
        "minimum_quantity": offer.minimum_quantity, "maximum_quantity": offer.maximum_quantity,
    }  # fmt: skip
    parent = subscription.parent
    return Standing(
        status=subscription.status,
        quantity=subscription.quantity,
        usage_based=subscription.usage_based,
        parent_active=parent is None or parent.status == SubscriptionStatus.ACTIVE,
        **limits,
    )
