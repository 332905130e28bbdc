"""Carts of a customer: fill, change, check out."""

import base64
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus

from django.utils import timezone
from msgspec import UNSET

from api.call import Call
from api.customer import customer_of
from api.dispatch import Reply
from api.enums import BILLING_CYCLES, Given, member
from api.faults import Code, Fault, stale
from api.operations.customers import CUSTOMER_ROLES, SELLERS
from api.operations.orders import shown_order
from api.purchases import PROBLEMS, lines_refused, not_served
from api.registry import Auth, Operation, Subject
from api.structs import carts as shapes
from api.structs.base import Attributes, Link, Links
from customers.models import BillingCycle, Cart, CartLine, Customer
from customers.purchase import Problem, Wanted
from customers.services import EditConflict
from customers.services.carts import (
    CartExpired,
    CartOrdered,
    checkout,
    create_cart,
    lines_by_base,
    replace_lines,
    require_alive,
)
from customers.services.orders import CustomerNotServed, LinesRefused

_RESELLER = "transaction_reseller"


def etag(cart: Cart) -> str:
    return base64.b64encode(f"{cart.pk}:{cart.version}".encode()).decode()


def _one(call: Call, customer: Customer) -> Cart:
    rows = Cart.objects.visible_to(call.caller).filter(customer=customer)
    cart = rows.filter(pk=call.guid("cart_id", "The cart")).first()
    if cart is None:
        raise _missing("The cart was not found.")
    return cart


def _missing(description: str) -> Fault:
    return Fault(HTTPStatus.NOT_FOUND, Code.CART_NOT_FOUND, description)


def _expired(cart: Cart) -> Fault:
    at = cart.expiration_timestamp.isoformat(timespec="seconds").replace("+00:00", "Z")
    return _missing(f"The cart expired at {at}: create a new one.")


def _ordered(cart: Cart) -> Fault:
    return Fault(
        HTTPStatus.BAD_REQUEST,
        Code.CART_ORDERED,
        f"The cart {cart.pk} has been checked out already: create a new one.",
    )


def _create(call: Call) -> Reply:
    customer, body = customer_of(call), call.body(shapes.NewCart)
    try:
        cart = create_cart(user=call.caller, customer=customer, lines=_lines(body))
    except CustomerNotServed as error:
        raise not_served() from error
    where = f"/v1/customers/{customer.tenant_id}/carts/{cart.pk}"
    return Reply(_shown(customer, cart), headers={"Location": where})


def _lines(body: shapes.NewCart) -> list[Wanted]:
    return [
        _wanted(
            line,
            f"lineItems[{number}]",
            tuple(
                _wanted(each, f"lineItems[{number}].addonItems[{place}]", default=line.billing_cycle)
                for place, each in enumerate(line.addon_items or [])
            ),
        )
        for number, line in enumerate(body.line_items)
    ]


def _wanted(line: shapes.NewAddOn, at: str, add_ons: tuple[Wanted, ...] = (), default: Given | None = None) -> Wanted:
    """An add-on that names no billing cycle is billed like its base, and that monthly."""
    cycle = line.billing_cycle or default or BillingCycle.MONTHLY.value
    named = (each.value for each in line.participants or [] if each.key.lower() == _RESELLER)
    return Wanted(
        catalog_item_id=line.catalog_item_id,
        quantity=line.quantity,
        billing_cycle=member(cycle, BILLING_CYCLES, f"{at}.billingCycle"),
        term_duration=line.term_duration or "",
        friendly_name=(line.friendly_name or "").strip(),
        partner_id_on_record=next(named, ""),
        provisioning_context=line.provisioning_context or {},
        add_ons=add_ons,
    )


def _get(call: Call) -> shapes.Cart:
    customer = customer_of(call)
    cart = _one(call, customer)
    try:
        require_alive(cart, timezone.now())
    except CartExpired as error:
        raise _expired(cart) from error
    return _shown(customer, cart)


def _replace(call: Call) -> shapes.Cart:
    customer = customer_of(call)
    cart, body = _one(call, customer), call.body(shapes.NewCart)
    version = cart.version if call.names_version(etag(cart)) else None
    try:
        changed = replace_lines(user=call.caller, cart=cart, lines=_lines(body), expected_version=version)
    except EditConflict as error:
        raise stale() from error
    except CartExpired as error:
        raise _expired(cart) from error
    except CartOrdered as error:
        raise _ordered(cart) from error
    return _shown(customer, changed)


def _checkout(call: Call) -> shapes.CheckoutResult:
    customer = customer_of(call)
    cart = _one(call, customer)
    try:
        orders = checkout(user=call.caller, cart=cart)
    except CartExpired as error:
        raise _expired(cart) from error
    except CartOrdered as error:
        raise _ordered(cart) from error
    except CustomerNotServed as error:
        raise not_served() from error
    except LinesRefused as error:
        raise lines_refused(error, Code.CART_LINES) from error
    return shapes.CheckoutResult(orders=[shown_order(call, customer, order) for order in orders])


def _shown(customer: Customer, cart: Cart) -> shapes.Cart:
    by_base = lines_by_base(cart)
    return shapes.Cart(
        id=str(cart.pk),
        creation_timestamp=cart.creation_timestamp,
        last_modified_timestamp=cart.last_modified_timestamp,
        expiration_timestamp=cart.expiration_timestamp,
        last_modified_user=cart.last_modified_user,
        status=cart.status,
        line_items=[_line(line, by_base) for line in by_base.get(None, ())],
        links=Links(self_=Link(uri=f"/customers/{customer.tenant_id}/carts/{cart.pk}")),
        attributes=Attributes(object_type="Cart", etag=etag(cart)),
    )


def _line(line: CartLine, by_base: Mapping[int | None, list[CartLine]]) -> shapes.CartLine:
    partner = line.partner_id_on_record
    add_ons = [_line(each, by_base) for each in by_base.get(line.pk, ())]
    return shapes.CartLine(
        id=line.number,
        catalog_item_id=line.catalog_item_id,
        friendly_name=line.friendly_name or UNSET,
        quantity=line.quantity,
        currency_code=line.currency_code,
        billing_cycle=line.billing_cycle,
        term_duration=line.term_duration or UNSET,
        participants=[shapes.Participant(key=_RESELLER, value=partner)] if partner else UNSET,
        provisioning_context=line.provisioning_context or UNSET,
        order_group=line.order_group,
        addon_items=add_ons or UNSET,
        error=_error(Problem(line.problem)) if line.problem else UNSET,
    )


def _error(problem: Problem) -> shapes.CartError:
    code, description = PROBLEMS[problem]
    return shapes.CartError(error_code=code.value, error_description=description)


_row = partial(
    Operation, subject=Subject.TRANSACT, auth=Auth.APP_USER, auth_2021=Auth.BOTH, roles=SELLERS, gives=shapes.Cart
)
_ALL = "customers/{customer_id}/carts"
_ONE = f"{_ALL}/{{cart_id}}"

OPERATIONS = [
    _row("POST", _ALL, _create, summary="Create a cart", takes=shapes.NewCart, status=HTTPStatus.CREATED),
    _row("GET", _ONE, _get, summary="Get a cart", roles=CUSTOMER_ROLES),
    _row("PUT", _ONE, _replace, summary="Replace the lines of a cart", takes=shapes.NewCart),
    _row(
        "POST",
        f"{_ONE}/checkout",
        _checkout,
        summary="Check out a cart",
        gives=shapes.CheckoutResult,
        status=HTTPStatus.CREATED,
    ),
]
