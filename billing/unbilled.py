"""What no invoice has yet: charges computed from the subscriptions, as the next invoices will have them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Min

from billing.charges import Charge, Terms, charges, rounded
from billing.models import BillingAccount, BillingProvider, LineItem
from customers.models import BillingCycle, Customer, PastQuantity, Subscription, SubscriptionStatus
from customers.models.subscription import USAGE
from customers.terms import MONTHS
from fluent.listing import folded

_DAY = timedelta(days=1)
# Values instead of rows: a partner may have many thousands of subscriptions, and each of them is looked at.
_FACTS = (
    "pk", "customer_id", "customer__company_name", "offer_id", "offer_name", "effective_start_date",
    "commitment_end_date", "auto_renew_enabled", "billing_cycle", "term_duration", "quantity", "status",
    "order_line__unit_price", "order_line__order__currency_code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """Both days count; there is none where the first comes after the last."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Pending:
    """A charge with the `facts` (_FACTS) of its subscription. `tax` in minor units, as the charge's amounts."""

    facts: Any
    charge: Charge
    tax: int

    @property
    def total(self) -> int:
        return self.charge.subtotal + self.tax

    @property
    def currency(self) -> str:
        return str(self.facts.order_line__order__currency_code)

    @property
    def customer_name(self) -> str:
        return str(self.facts.customer__company_name)

    @property
    def provider(self) -> BillingProvider:
        once = self.facts.billing_cycle == BillingCycle.ONE_TIME
        return BillingProvider.ONE_TIME if once else BillingProvider.OFFICE

    @property
    def position(self) -> str:
        """Names it among the others: a subscription has one for each day on which a charge begins."""
        return f"{self.facts.pk} {self.charge.start}"


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


def charged(partner_id: Any) -> Any:
    """The partner's subscriptions that have a price and are billed by quantity. What is used is not measured here."""
    rows = Subscription.objects.filter(customer__partner_id=partner_id, order_line__isnull=False)
    return rows.exclude(unit_type=USAGE)


def unbilled(partner_id: UUID, period: Period, *, currency: str = "") -> list[Pending]:
    """In the order of their positions."""
    if period.first > period.last:
        return []
    rows = charged(partner_id).filter(effective_start_date__lte=period.last).order_by()
    rows = rows.filter(order_line__order__currency_code=currency) if currency else rows
    # Before what was: a change that comes between the two queries only adds to it, and is of today.
    subscriptions = list(rows.values_list(*_FACTS, named=True))
    past: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
    for key, until, quantity in PastQuantity.objects.filter(subscription__customer__partner_id=partner_id).values_list(
        "subscription_id", "until", "quantity"
    ):
        past[key].append((until, quantity))
    account = BillingAccount.objects.filter(partner_id=partner_id).first()
    percent = Fraction(account.tax_percent) if account else Fraction(0)
    found = (
        Pending(facts, charge, rounded(charge.subtotal * percent / 100))
        for facts in subscriptions
        for charge in charges(_terms(facts, past.get(facts.pk, ())), period.first, period.last)
    )
    return sorted(found, key=lambda pending: pending.position)


def _terms(facts: Any, past: Sequence[tuple[date, int]]) -> Terms:
    """Of several changes on one day the last one counts."""
    now = facts.quantity if facts.status == SubscriptionStatus.ACTIVE else 0
    since = [facts.effective_start_date, *(until for until, _quantity in past)]
    levels = dict(zip(since, [*(quantity for _until, quantity in past), now], strict=True))
    return Terms(
        start=facts.effective_start_date,
        billing_cycle=facts.billing_cycle,
        term_months=MONTHS[facts.term_duration],
        unit_price=facts.order_line__unit_price,
        levels=tuple(levels.items()),
        ends=None if facts.auto_renew_enabled else facts.commitment_end_date,
    )


def as_lines(found: Sequence[Pending]) -> Iterator[LineItem]:
    """Unsaved line items without an invoice, with what `with_subscription` adds."""
    customers = Customer.objects.in_bulk({pending.facts.customer_id for pending in found})
    return (_line(pending, customers[pending.facts.customer_id]) for pending in found)


def _line(pending: Pending, customer: Customer) -> LineItem:
    facts, charge = pending.facts, pending.charge
    line: Any = LineItem(
        customer=customer,
        customer_name=customer.company_name,
        subscription_id=facts.pk,
        billing_provider=pending.provider,
        charge_type=charge.type,
        offer_id=facts.offer_id,
        offer_name=facts.offer_name,
        charge_start=charge.start,
        charge_end=charge.end,
        quantity=charge.quantity,
        unit_price=facts.order_line__unit_price,
        subtotal=charge.subtotal,
        tax_total=pending.tax,
        total_for_customer=pending.total,
        currency_code=pending.currency,
        search_text=folded(customer.company_name, facts.offer_name, facts.offer_id),
    )
    line.subscription_start, line.subscription_end = facts.effective_start_date, facts.commitment_end_date
    line.billing_cycle = facts.billing_cycle
    return line  # type: ignore[no-any-return]
