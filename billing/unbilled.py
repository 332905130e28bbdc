"""What no invoice has yet: line items computed from the subscriptions, as the next invoice will have them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Min

from billing.charges import Charge, Terms, charges, rounded
from billing.models import BillingAccount, BillingProvider, LineItem
from customers.models import BillingCycle, PastQuantity, Subscription
from customers.models.subscription import USAGE
from customers.terms import MONTHS
from fluent.listing import folded

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Both days count; there is none where the first comes after the last."""

    first: date
    last: date


def current(partner_id: UUID, today: date) -> Period:
    """This calendar month until today, as far as it is not billed."""
    return Period(max(today.replace(day=1), billed_through(partner_id, today) + _DAY), today)


def previous(partner_id: UUID, today: date) -> Period:
    """What came before this month and waits for its invoice: as a rule the month before, or nothing."""
    return Period(billed_through(partner_id, today) + _DAY, today.replace(day=1) - _DAY)


def billed_through(partner_id: UUID, today: date) -> date:
    """The last day that invoices cover; before the first invoice the day before the first subscription."""
    account = BillingAccount.objects.filter(partner_id=partner_id).first()
    if account is not None:
        return account.billed_through
    first = charged(partner_id).aggregate(first=Min("effective_start_date"))["first"]
    return (first or today) - _DAY


def charged(partner_id: UUID) -> Any:
    """The partner's subscriptions that have a price and are billed by quantity. What is used is not measured here."""
    return Subscription.objects.filter(customer__partner_id=partner_id, order_line__isnull=False).exclude(
        unit_type=USAGE
    )


def unbilled_lines(partner_id: UUID, period: Period, *, currency: str = "") -> list[LineItem]:
    """Unsaved, without an invoice, in the order of `position`; with the attributes of `with_subscription` too."""
    if period.first > period.last:
        return []
    rows = charged(partner_id).filter(effective_start_date__lte=period.last)
    rows = rows.filter(order_line__order__currency_code=currency) if currency else rows
    rows = rows.select_related("customer", "order_line__order").prefetch_related("past_quantities")
    account = BillingAccount.objects.filter(partner_id=partner_id).first()
    percent = Fraction(account.tax_percent) if account else Fraction(0)
    return sorted((line for row in rows for line in _lines(row, period, percent)), key=position)


def position(line: LineItem) -> str:
    """Names the line among the unbilled ones: a subscription has one for each day on which a charge begins."""
    return f"{line.subscription_id} {line.charge_start}"


def _lines(row: Subscription, period: Period, percent: Fraction) -> Iterator[LineItem]:
    for charge in charges(terms_of(row), period.first, period.last):
        yield _line(row, charge, rounded(charge.subtotal * percent / 100))


def terms_of(row: Subscription) -> Terms:
    return Terms(
        start=row.effective_start_date,
        billing_cycle=row.billing_cycle,
        term_months=MONTHS[row.term_duration],
        unit_price=row.order_line.unit_price,
        levels=_levels(row.effective_start_date, list(row.past_quantities.all()), row.counted),
        ends=None if row.auto_renew_enabled else row.commitment_end_date,
    )


def _levels(start: date, past: Sequence[PastQuantity], now: int) -> tuple[tuple[date, int], ...]:
    """Of several changes on one day the last one counts."""
    since = [start, *(each.until for each in past)]
    return tuple(dict(zip(since, [*(each.quantity for each in past), now], strict=True)).items())


def _line(row: Subscription, charge: Charge, tax: int) -> LineItem:
    customer = row.customer
    line: Any = LineItem(
        customer=customer,
        customer_name=customer.company_name,
        subscription_id=row.pk,
        billing_provider=_provider(row),
        charge_type=charge.type,
        offer_id=row.offer_id,
        offer_name=row.offer_name,
        charge_start=charge.start,
        charge_end=charge.end,
        quantity=charge.quantity,
        unit_price=row.order_line.unit_price,
        subtotal=charge.subtotal,
        tax_total=tax,
        total_for_customer=charge.subtotal + tax,
        currency_code=row.order_line.order.currency_code,
        search_text=folded(customer.company_name, row.offer_name, row.offer_id),
    )
    line.subscription_start, line.subscription_end = row.effective_start_date, row.commitment_end_date
    line.billing_cycle = row.billing_cycle
    return line  # type: ignore[no-any-return]


def _provider(row: Subscription) -> BillingProvider:
    return BillingProvider.ONE_TIME if row.billing_cycle == BillingCycle.ONE_TIME else BillingProvider.OFFICE
