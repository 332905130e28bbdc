"""Orders of a customer: list, read, place."""

from functools import partial
from http import HTTPStatus

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from msgspec import UNSET

from api.call import Call
from api.customer import customer_of
from api.dispatch import Reply
from api.enums import BILLING_CYCLES, member
from api.faults import not_found
from api.markets import chosen
from api.operations.customers import CUSTOMER_ROLES, SELLERS
from api.paging import OFFSET, offset
from api.purchases import lines_refused, not_served
from api.registry import Auth, Operation, Query, Subject
from api.structs import orders as shapes
from api.structs.base import Collection, Link, Links
from billing.money import Money
from customers.currencies import currency_symbol
from customers.models import BillingCycle, Customer, Order, OrderLine, SubscriptionStatus
from customers.purchase import Wanted
from customers.services.orders import CustomerNotServed, LinesRefused, place_orders

_LINES = Prefetch("lines", OrderLine.objects.select_related("subscription"))


def _rows(call: Call, customer: Customer) -> "QuerySet[Order]":
    rows = Order.objects.visible_to(call.caller).filter(customer=customer)
    return rows.prefetch_related(_LINES)


def _list(call: Call) -> Collection[shapes.Order]:
    customer = customer_of(call)
    rows, cycle = _rows(call, customer), chosen(call, "billingType", BillingCycle.values)
    rows = rows.filter(billing_cycle=cycle) if cycle else rows
    shown, kept = partial(shown_order, call, customer), ("billingType", "includePrice")
    return offset(call, rows, shown, total=rows.order_by().count(), default=500, kept=kept)


def _one(call: Call, customer: Customer) -> Order:
    order = _rows(call, customer).filter(pk=call.guid("order_id", "The order")).first()
    if order is None:
        raise not_found("The order")
    return order


def _get(call: Call) -> shapes.Order:
    customer = customer_of(call)
    return shown_order(call, customer, _one(call, customer))


def _provisioning(call: Call) -> Collection[shapes.LineProvisioning]:
    lines = [_provisioned(line) for line in _one(call, customer_of(call)).lines.all()]
    return Collection(total_count=len(lines), items=lines)


def _provisioned(line: OrderLine) -> shapes.LineProvisioning:
    pending = line.subscription.status == SubscriptionStatus.PENDING
    status = "prefulfillment_pending" if pending else "fulfilled"
    quantities = [shapes.QuantityProvisioning(line.quantity, status)]
    return shapes.LineProvisioning(line.number, line.number, status, quantities)


def _create(call: Call) -> Reply:
    customer, body = customer_of(call), call.body(shapes.NewOrder)
    cycle = member(body.billing_cycle or BillingCycle.MONTHLY.value, BILLING_CYCLES, "billingCycle")
    try:
        (order,) = place_orders(
            user=call.caller, customer=customer, lines=[_wanted(line, cycle) for line in body.line_items]
        )
    except CustomerNotServed as error:
        raise not_served() from error
    except LinesRefused as error:
        raise lines_refused(error) from error
    where = f"/v1/customers/{customer.tenant_id}/orders/{order.pk}"
    return Reply(shown_order(call, customer, order), headers={"Location": where})


def _wanted(line: shapes.NewOrderLine, cycle: str) -> Wanted:
    parent = {"ParentSubscriptionId": line.parent_subscription_id} if line.parent_subscription_id else {}
    return Wanted(
        catalog_item_id=line.offer_id,
        quantity=line.quantity,
        billing_cycle=cycle,
        term_duration=line.term_duration or "",
        friendly_name=(line.friendly_name or "").strip(),
        partner_id_on_record=line.partner_id_on_record or "",
        provisioning_context={**parent, **(line.provisioning_context or {})},
    )


def shown_order(call: Call, customer: Customer, order: Order) -> shapes.Order:
    prefetch_related_objects([order], _LINES)
    priced = call.text("includePrice").lower() == "true"
    lines = list(order.lines.all())
    total = sum(line.unit_price * line.quantity for line in lines)
    return shapes.Order(
        id=str(order.pk),
        alternate_id=order.pk.hex[:12],
        reference_customer_id=str(customer.tenant_id),
        billing_cycle=order.billing_cycle,
        currency_code=order.currency_code,
        currency_symbol=currency_symbol(order.currency_code),
        line_items=[_line(customer, order, line, priced=priced) for line in lines],
        creation_date=order.creation_date,
        status=order.status,
        transaction_type="UserPurchase",
        total_price=_amount(order, total) if priced else UNSET,
        links=Links(self_=Link(uri=f"/customers/{customer.tenant_id}/orders/{order.pk}")),
    )


def _line(customer: Customer, order: Order, line: OrderLine, *, priced: bool) -> shapes.OrderLine:
    subscription = f"/customers/{customer.tenant_id}/subscriptions/{line.subscription_id}"
    product, sku = [*line.offer_id.split(":"), ""][:2]
    parent = line.subscription.parent_id
    return shapes.OrderLine(
        line_item_number=line.number,
        offer_id=line.offer_id,
        subscription_id=str(line.subscription_id),
        parent_subscription_id=str(parent) if parent else UNSET,
        term_duration=line.term_duration,
        transaction_type="New",
        friendly_name=line.friendly_name,
        quantity=line.quantity,
        partner_id_on_record=line.partner_id_on_record or UNSET,
        provisioning_context=line.provisioning_context or UNSET,
        promotion_id=line.promotion_id or UNSET,
        pricing=_pricing(order, line) if priced else UNSET,
        links=shapes.OrderLineLinks(
            subscription=Link(uri=subscription),
            sku=Link(uri=f"/products/{product}/skus/{sku}?country={customer.country}"),
            provisioning_status=Link(uri=f"{subscription}/provisioningstatus"),
        ),
    )


def _pricing(order: Order, line: OrderLine) -> shapes.Pricing:
    reduced = _amount(order, line.unit_price)
    return shapes.Pricing(
        list_price=_amount(order, line.list_price),
        discounted_price=reduced,
        prorated_price=reduced,
        price=reduced,
        extended_price=_amount(order, line.unit_price * line.quantity),
    )


def _amount(order: Order, minor: int) -> float:
    return float(Money(minor, order.currency_code).amount)


_row = partial(
    Operation,
    subject=Subject.TRANSACT,
    auth=Auth.APP_USER,
    auth_2021=Auth.BOTH,
    roles=CUSTOMER_ROLES,
    gives=shapes.Order,
)
_ALL = "customers/{customer_id}/orders"
_PRICE = Query("includePrice", "Whether prices are in the answer.", (("type", "boolean"),))
_CYCLE = Query("billingType", "Those with this billing cycle.", (("type", "string"), ("enum", BillingCycle.values)))

OPERATIONS = [
    _row(
        "GET",
        _ALL,
        _list,
        summary="List a customer's orders",
        gives=Collection[shapes.Order],
        query=(_CYCLE, _PRICE, *OFFSET),
    ),
    _row("GET", f"{_ALL}/{{order_id}}", _get, summary="Get an order", query=(_PRICE,)),
    _row(
        "GET",
        f"{_ALL}/{{order_id}}/provisioningstatus",
        _provisioning,
        summary="Get whether an order's lines are provisioned",
        auth_2021=Auth.APP_USER,
        gives=Collection[shapes.LineProvisioning],
    ),
    _row(
        "POST",
        _ALL,
        _create,
        summary="Place an order",
        roles=SELLERS,
        takes=shapes.NewOrder,
        status=HTTPStatus.CREATED,
        query=(_PRICE,),
    ),
]
