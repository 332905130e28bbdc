"""The demo's add-ons, and the orders that its subscriptions come from."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from accounts.models import PartnerTenant
from customers.currencies import market_currency
from customers.models import (
    Customer,
    Order,
    OrderLine,
    Price,
    Relationship,
    Subscription,
)
from partnercenter.demo.world import Demo, numbers, random_uuid


def seed_add_ons(demo: Demo, partner: PartnerTenant, plan: dict[str, Any]) -> None:
    """About one in three subscriptions that can have an add-on has one, for some of its users."""
    random = numbers("add-ons", plan["key"])
    add_ons = demo.catalog["addOns"]
    found = []
    for base in Subscription.objects.filter(customer__partner=partner).order_by("pk"):
        fitting = [offer for offer in add_ons if base.offer_id in offer["prerequisites"]]
        if fitting and random.random() < 0.35:
            found.append(_add_on(base, random.choice(fitting), random_uuid(random)))
    Subscription.objects.bulk_create(found)


def _add_on(base: Subscription, offer: dict[str, Any], key: Any) -> Subscription:
    return Subscription(
        id=key,
        customer_id=base.customer_id,
        parent=base,
        offer_id=offer["id"],
        offer_name=offer["name"],
        friendly_name=offer["name"],
        quantity=max(1, base.quantity // 2),
        status=base.status,
        term_duration=base.term_duration,
        billing_cycle=base.billing_cycle,
        auto_renew_enabled=base.auto_renew_enabled,
        creation_date=base.creation_date,
        effective_start_date=base.effective_start_date,
        commitment_end_date=base.commitment_end_date,
    )


def seed_orders(partner: PartnerTenant, plan: dict[str, Any]) -> None:
    """One order a customer, with everything it has."""
    random = numbers("orders", plan["key"])
    bought: dict[Customer, list[Subscription]] = defaultdict(list)
    rows = Subscription.objects.filter(customer__partner=partner).select_related("customer")
    for subscription in rows.order_by("customer_id", "parent_id", "pk"):
        if subscription.customer.relationship_to_partner == Relationship.INDIRECT_RESELLER:
            subscription.partner_id = subscription.customer.associated_partner_id
        bought[subscription.customer].append(subscription)
    Subscription.objects.bulk_update([row for found in bought.values() for row in found], ["partner_id"])
    orders = {customer: _order(customer, found, random_uuid(random)) for customer, found in bought.items()}
    Order.objects.bulk_create(orders.values())
    prices = {
        (each.sku_id, each.currency_code, each.term_duration, each.billing_cycle): each.unit_price
        for each in Price.objects.all()
    }
    OrderLine.objects.bulk_create(
        [line for customer, found in bought.items() for line in _lines(orders[customer], found, prices)]
    )


def _order(customer: Customer, bought: Sequence[Subscription], key: Any) -> Order:
    return Order(
        id=key,
        customer=customer,
        billing_cycle=bought[0].billing_cycle,
        currency_code=market_currency(customer.country),
        creation_date=bought[0].creation_date,
    )


def _lines(order: Order, bought: Sequence[Subscription], prices: dict[Any, int]) -> list[OrderLine]:
    lines = []
    for number, each in enumerate(bought):
        price = prices[each.offer_id, order.currency_code, each.term_duration, each.billing_cycle]
        lines.append(
            OrderLine(
                order=order,
                number=number,
                subscription=each,
                offer_id=each.offer_id,
                friendly_name=each.friendly_name,
                quantity=each.quantity,
                term_duration=each.term_duration,
                list_price=price,
                unit_price=price,
                partner_id_on_record=each.partner_id,
            )
        )
    return lines
