"""What a subscription costs from one day to another. Pure: terms and days in, charges out.

What is billed monthly is charged by the day. What is paid for ahead (a year, or a whole term) is charged on the day it
begins; units added later for the days that are left of it, and nothing is paid back.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from billing.models.line_item import ChargeType
from customers.models.subscription import BillingCycle
from customers.terms import months_later

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """`unit_price` in minor units, for one unit and billing period. `ends` is the last day of one that does not renew.

    `levels` are days in their order with the quantity that counts from each on; the first is `start`.
    """

    start: date
    billing_cycle: str
    term_months: int
    unit_price: int
    levels: tuple[tuple[date, int], ...]
    ends: date | None = None

    def level(self, day: date) -> int:
        return next((quantity for since, quantity in reversed(self.levels) if since <= day), 0)


@dataclass(frozen=True, slots=True)
class Charge:
    """Both days count. `quantity` and `subtotal` (minor units) are negative for what is taken off."""

    type: ChargeType
    start: date
    end: date
    quantity: int
    subtotal: int


def charges(terms: Terms, first: date, last: date) -> list[Charge]:
    """What arises from the first day through the last, in the order of the days on which it begins."""
    first = max(first, terms.start)
    last = min(last, terms.ends or last)
    if first > last:
        return []
    found = _by_day if terms.billing_cycle == BillingCycle.MONTHLY else _ahead
    return list(found(terms, first, last))


def _by_day(terms: Terms, first: date, last: date) -> Iterator[Charge]:
    while first <= last:
        days = monthrange(first.year, first.month)[1]
        end = min(last, first.replace(day=days))
        kind = ChargeType.NEW if first == terms.start else ChargeType.CYCLE
        before = 0
        for day, level in [(first, terms.level(first)), *_changes(terms, first, end)]:
            if level != before:
                kind = kind if day == first else _added_or_removed(level - before)
                share = Fraction((end - day).days + 1, days)
                yield _charge(terms, kind, day, end, level - before, share)
            before = level
        first = end + _DAY


def _ahead(terms: Terms, first: date, last: date) -> Iterator[Charge]:
    length = 12 if terms.billing_cycle == BillingCycle.ANNUAL else terms.term_months
    done = 0
    while (begins := months_later(terms.start, done)) <= last:
        end = months_later(terms.start, done + length) - _DAY
        days = (end - begins).days + 1
        kind = _kind_of_period(terms, done)
        paid = 0
        for day, level in [(begins, terms.level(begins)), *_changes(terms, begins, min(end, last))]:
            if level > paid and day >= first:
                kind = kind if day == begins else ChargeType.ADD_QUANTITY
                yield _charge(terms, kind, day, end, level - paid, Fraction((end - day).days + 1, days))
            paid = max(paid, level)
        done += length


def _kind_of_period(terms: Terms, done: int) -> ChargeType:
    if not done:
        return ChargeType.NEW
    return ChargeType.CYCLE if done % terms.term_months else ChargeType.RENEW


def _added_or_removed(units: int) -> ChargeType:
    return ChargeType.ADD_QUANTITY if units > 0 else ChargeType.REMOVE_QUANTITY


def _changes(terms: Terms, after: date, through: date) -> list[tuple[date, int]]:
    return [(day, level) for day, level in terms.levels if after < day <= through]


def _charge(terms: Terms, kind: ChargeType, start: date, end: date, units: int, share: Fraction) -> Charge:
    return Charge(kind, start, end, units, rounded(terms.unit_price * units * share))


def rounded(amount: Fraction) -> int:
    """Half a minor unit away from zero, so that what is taken off equals what was put on."""
    whole = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return whole if amount >= 0 else -whole
