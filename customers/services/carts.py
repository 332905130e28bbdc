"""Filling a cart and checking it out. A line that cannot be ordered stays in the cart with its problem."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from activity.services import record_audit
from customers.audit import CustomerAction
from customers.models import Cart, CartLine, CartStatus, Customer, Order
from customers.purchase import Wanted
from customers.quotes import Quote, groups, quoted
from customers.services import EditConflict
from customers.services.orders import place_orders, require_served

LIFETIME = timedelta(minutes=15)


class CartExpired(Exception):
    """Nobody touched the cart for LIFETIME; nothing was written."""


class CartOrdered(Exception):
    """The cart was checked out before; nothing was written."""


@transaction.atomic
def create_cart(*, user: Actor, customer: Customer, lines: Sequence[Wanted]) -> Cart:
    """Make a cart of these lines; carts of the customer that expired go. Raises CustomerNotServed."""
    require_served(customer)
    now = timezone.now()
    Cart.objects.filter(customer=customer, status=CartStatus.ACTIVE, expiration_timestamp__lte=now).delete()
    cart = Cart.objects.create(
        customer=customer,
        creation_timestamp=now,
        last_modified_timestamp=now,
        expiration_timestamp=now + LIFETIME,
        last_modified_user=user.user_principal_name,
    )
    _fill(cart, lines, now)
    _audit(CustomerAction.CART_CREATED, user, cart)
    return cart


@transaction.atomic
def replace_lines(*, user: Actor, cart: Cart, lines: Sequence[Wanted], expected_version: int | None = None) -> Cart:
    """Put these lines in the place of the cart's; it lives LIFETIME from now.

    Raises CartExpired, CartOrdered, EditConflict.
    """
    now = timezone.now()
    current = _open(cart, now)
    if expected_version is not None and current.version != expected_version:
        raise EditConflict
    current.last_modified_timestamp = now
    current.expiration_timestamp = now + LIFETIME
    current.last_modified_user = user.user_principal_name
    current.version += 1
    current.save()
    current.lines.all().delete()
    _fill(current, lines, now)
    _audit(CustomerAction.CART_CHANGED, user, current)
    return current


@transaction.atomic
def checkout(*, user: Actor, cart: Cart) -> list[Order]:
    """Order what is in the cart, at today's prices.

    Raises CartExpired, CartOrdered, CustomerNotServed, LinesRefused.
    """
    now = timezone.now()
    current = _open(cart, now)
    orders = place_orders(user=user, customer=current.customer, lines=_wanted(current))
    current.status = CartStatus.ORDERED
    current.last_modified_timestamp = now
    current.last_modified_user = user.user_principal_name
    current.version += 1
    current.save()
    return orders


def require_alive(cart: Cart, now: datetime) -> None:
    """Raises CartExpired. What was ordered can be read ever after."""
    if cart.status == CartStatus.ACTIVE and cart.expiration_timestamp <= now:
        raise CartExpired


def _open(cart: Cart, now: datetime) -> Cart:
    """The cart, locked: two check-outs at once are one order."""
    current = Cart.objects.select_for_update(of=("self",)).select_related("customer").get(pk=cart.pk)
    require_alive(current, now)
    if current.status == CartStatus.ORDERED:
        raise CartOrdered
    return current


def _fill(cart: Cart, lines: Sequence[Wanted], now: datetime) -> None:
    quotes = quoted(customer=cart.customer, lines=lines, now=now)
    places = {cycle: str(place) for place, cycle in enumerate(groups(quotes))}
    made = {quote.number: _line(cart, quote, places[quote.wanted.billing_cycle]) for quote in quotes}
    CartLine.objects.bulk_create(made[quote.number] for quote in quotes if quote.base is None)
    add_ons = [(made[quote.number], made[quote.base]) for quote in quotes if quote.base is not None]
    for line, base in add_ons:
        line.base = base
    CartLine.objects.bulk_create(line for line, _base in add_ons)


def _line(cart: Cart, quote: Quote, group: str) -> CartLine:
    wanted = quote.wanted
    return CartLine(
        cart=cart,
        number=quote.number,
        catalog_item_id=wanted.catalog_item_id,
        friendly_name=wanted.friendly_name,
        quantity=wanted.quantity,
        currency_code=quote.currency_code,
        billing_cycle=wanted.billing_cycle,
        term_duration=quote.term_duration,
        partner_id_on_record=wanted.partner_id_on_record,
        provisioning_context=dict(wanted.provisioning_context),
        order_group=group,
        problem=quote.problem or "",
    )


def lines_by_base(cart: Cart) -> dict[int | None, list[CartLine]]:
    """The lines of the cart by the key of the line that they add to; None has those that add to nothing."""
    found: dict[int | None, list[CartLine]] = defaultdict(list)
    for line in cart.lines.all():
        found[line.base_id].append(line)
    return found


def _wanted(cart: Cart) -> list[Wanted]:
    by_base = lines_by_base(cart)
    return [_as_wanted(line, tuple(map(_as_wanted, by_base.get(line.pk, ())))) for line in by_base.get(None, ())]


def _as_wanted(line: CartLine, add_ons: tuple[Wanted, ...] = ()) -> Wanted:
    return Wanted(
        catalog_item_id=line.catalog_item_id,
        quantity=line.quantity,
        billing_cycle=line.billing_cycle,
        term_duration=line.term_duration,
        friendly_name=line.friendly_name,
        partner_id_on_record=line.partner_id_on_record,
        provisioning_context=line.provisioning_context,
        add_ons=add_ons,
    )


def _audit(action: CustomerAction, user: Actor, cart: Cart) -> None:
    record_audit(
        action=action,
        actor=user.user_principal_name,
        tenant_id=user.tenant_id,
        subject=cart.customer.company_name,
        detail={
            "customer": str(cart.customer.tenant_id),
            "cart": str(cart.pk),
            "lines": [[line.catalog_item_id, line.quantity] for line in cart.lines.all()],
        },
    )
