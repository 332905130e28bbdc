"""Placing orders. What is ordered is provisioned at once: the subscriptions exist when the verb returns."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from activity.services import record_audit
from customers.audit import CustomerAction
from customers.models import Customer, Order, OrderLine, Relationship, Subscription
from customers.purchase import Wanted
from customers.quotes import Quote, groups, quoted
from customers.terms import last_day


class CustomerNotServed(Exception):
    """The partner is not the customer's reseller, so nothing can be bought for it; nothing was written."""


class LinesRefused(Exception):
    """At least one line cannot be ordered; nothing was written. `quotes` are those with a problem."""

    def __init__(self, quotes: Sequence[Quote]) -> None:
        super().__init__([quote.problem for quote in quotes])
        self.quotes = list(quotes)


def require_served(customer: Customer) -> None:
    """Raises CustomerNotServed."""
    if customer.relationship_to_partner not in {Relationship.RESELLER, Relationship.INDIRECT_RESELLER}:
        raise CustomerNotServed


@transaction.atomic
def place_orders(*, user: Actor, customer: Customer, lines: Sequence[Wanted]) -> list[Order]:
    """Order the lines, one order a billing cycle. Raises CustomerNotServed, LinesRefused.

    The customer is locked, so that the relationship does not end meanwhile.
    """
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    require_served(customer)
    now = timezone.now()
    quotes = quoted(customer=customer, lines=lines, now=now)
    refused = [quote for quote in quotes if quote.problem is not None]
    if refused:
        raise LinesRefused(refused)
    bought: dict[int, Subscription] = {}
    for quote in quotes:
        bought[quote.number] = _subscription(customer, quote, bought, now)
    Subscription.objects.bulk_create(bought.values())
    return [_order(user, customer, cycle, group, bought, now) for cycle, group in groups(quotes).items()]


def _subscription(customer: Customer, quote: Quote, bought: dict[int, Subscription], now: datetime) -> Subscription:
    sku, wanted, today = quote.sku, quote.wanted, now.date()
    assert sku is not None  # noqa: S101 -- a quote without a problem has one
    return Subscription(
        customer=customer,
        offer_id=sku.pk,
        offer_name=sku.title,
        friendly_name=wanted.friendly_name or sku.title,
        quantity=wanted.quantity,
        unit_type=sku.unit_type,
        term_duration=quote.term_duration,
        billing_cycle=wanted.billing_cycle,
        auto_renew_enabled=not sku.is_trial,
        creation_date=now,
        effective_start_date=today,
        commitment_end_date=last_day(today, quote.term_duration),
        parent=quote.parent if quote.base is None else bought[quote.base],
        partner_id=wanted.partner_id_on_record,
    )


def _order(
    user: Actor, customer: Customer, cycle: str, group: list[Quote], bought: dict[int, Subscription], now: datetime
) -> Order:
    order = Order.objects.create(
        customer=customer, billing_cycle=cycle, currency_code=group[0].currency_code, creation_date=now
    )
    OrderLine.objects.bulk_create(
        [
            OrderLine(
                order=order,
                number=number,
                subscription=bought[quote.number],
                offer_id=quote.wanted.catalog_item_id,
                friendly_name=bought[quote.number].friendly_name,
                quantity=quote.wanted.quantity,
                term_duration=quote.term_duration,
                list_price=quote.list_price,
                unit_price=quote.unit_price,
                promotion_id=quote.promotion_id,
                partner_id_on_record=quote.wanted.partner_id_on_record,
                provisioning_context=dict(quote.wanted.provisioning_context),
            )
            for number, quote in enumerate(group)
        ]
    )
    record_audit(
        action=CustomerAction.ORDER_PLACED,
        actor=user.user_principal_name,
        tenant_id=user.tenant_id,
        subject=customer.company_name,
        detail={
            "customer": str(customer.tenant_id),
            "order": str(order.pk),
            "lines": [[quote.wanted.catalog_item_id, quote.wanted.quantity] for quote in group],
        },
    )
    return order
