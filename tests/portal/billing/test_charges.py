"""What a subscription costs from day to day, as a table typed from the rules: 30.00 a month in an April of 30 days."""

from datetime import date
from fractions import Fraction

import pytest

from billing.charges import Terms, charges, rounded

APRIL = (date(2026, 4, 1), date(2026, 4, 30))
SINCE = date(2026, 1, 5)
WHOLE_MONTH = ("cycle_charge", 1, 30, 5, 15000)


def april(day: int) -> date:
    return date(2026, 4, day)


def monthly(*levels: tuple[date, int], price: int = 3000, ends: date | None = None) -> Terms:
    return Terms(levels[0][0], "monthly", 12, price, levels, ends)


def ahead(*levels: tuple[date, int], cycle: str = "annual", months: int = 12, ends: date | None = None) -> Terms:
    """100 a day, for a year at once."""
    return Terms(levels[0][0], cycle, months, 36500, levels, ends)


def shown(terms: Terms, first: date, last: date) -> list[tuple[str, date, date, int, int]]:
    return [
        (each.type.value, each.start, each.end, each.quantity, each.subtotal) for each in charges(terms, first, last)
    ]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (monthly((SINCE, 5)), [WHOLE_MONTH]),
        (monthly((april(1), 5)), [("new", 1, 30, 5, 15000)]),
        (monthly((april(10), 5)), [("new", 10, 30, 5, 10500)]),
        (monthly((date(2026, 5, 1), 5)), []),
        (monthly((SINCE, 5), (april(16), 8)), [WHOLE_MONTH, ("add_quantity", 16, 30, 3, 4500)]),
        (monthly((SINCE, 5), (april(16), 2)), [WHOLE_MONTH, ("remove_quantity", 16, 30, -3, -4500)]),
        (monthly((SINCE, 5), (april(1), 8)), [("cycle_charge", 1, 30, 8, 24000)]),
        (monthly((SINCE, 5), (april(16), 0)), [WHOLE_MONTH, ("remove_quantity", 16, 30, -5, -7500)]),
        (monthly((SINCE, 0), (april(26), 5)), [("add_quantity", 26, 30, 5, 2500)]),
        (monthly((SINCE, 5), (date(2026, 3, 9), 0)), []),
        (monthly((SINCE, 5), (date(2026, 5, 2), 8)), [WHOLE_MONTH]),
        (monthly((SINCE, 5), ends=april(10)), [("cycle_charge", 1, 10, 5, 5000)]),
        (monthly((SINCE, 5), ends=date(2026, 3, 31)), []),
        (monthly((april(30), 1), price=100), [("new", 30, 30, 1, 3)]),
    ],
)  # fmt: skip
def test_what_is_billed_monthly_is_charged_by_the_day(
    terms: Terms, expected: list[tuple[str, int, int, int, int]]
) -> None:
    typed = [(kind, april(start), april(end), units, amount) for kind, start, end, units, amount in expected]
    assert shown(terms, *APRIL) == typed


def test_half_a_month_costs_half() -> None:
    assert shown(monthly((SINCE, 5)), april(1), april(15)) == [("cycle_charge", april(1), april(15), 5, 7500)]


def test_each_month_is_divided_by_its_own_days() -> None:
    terms = monthly((SINCE, 1), price=3100)
    assert shown(terms, date(2026, 3, 20), april(10)) == [
        ("cycle_charge", date(2026, 3, 20), date(2026, 3, 31), 1, 1200),
        ("cycle_charge", april(1), april(10), 1, 1033),
    ]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (ahead((april(10), 2)), [("new", april(10), date(2027, 4, 9), 2, 73000)]),
        (ahead((date(2026, 3, 10), 2)), []),
        (ahead((date(2025, 4, 10), 2)), [("renew", april(10), date(2027, 4, 9), 2, 73000)]),
        (ahead((date(2025, 4, 10), 2), months=36), [("cycle_charge", april(10), date(2027, 4, 9), 2, 73000)]),
        (ahead((date(2025, 4, 10), 2), ends=april(9)), []),
        (ahead((date(2025, 4, 10), 2), cycle="one_time", months=36), []),
        (ahead((april(10), 2), cycle="one_time", months=36), [("new", april(10), date(2029, 4, 9), 2, 73000)]),
        # Units added: for the days that are left. Units taken off and put on again are paid for already.
        (ahead((date(2025, 5, 1), 2), (april(21), 3)), [("add_quantity", april(21), april(30), 1, 1000)]),
        (ahead((date(2025, 5, 1), 2), (april(11), 1)), []),
        (ahead((date(2025, 5, 1), 2), (date(2026, 3, 1), 0), (april(11), 2)), []),
        (ahead((date(2025, 5, 1), 2), (date(2026, 3, 1), 4), (april(11), 2), (april(21), 4)), []),
    ],
)  # fmt: skip
def test_what_is_paid_ahead_is_charged_on_its_first_day(
    terms: Terms, expected: list[tuple[str, date, date, int, int]]
) -> None:
    assert shown(terms, *APRIL) == expected


def test_a_term_that_began_on_the_31st_is_renewed_on_the_last_day_of_shorter_months() -> None:
    terms = Terms(date(2026, 1, 31), "one_time", 1, 900, ((date(2026, 1, 31), 1),))
    assert [charge.start for charge in charges(terms, date(2026, 2, 1), april(30))] == [
        date(2026, 2, 28), date(2026, 3, 31), april(30),
    ]  # fmt: skip


@pytest.mark.parametrize(("amount", "expected"), [("5/2", 3), ("-5/2", -3), ("7/3", 2), ("-7/3", -2), ("0", 0)])
def test_half_a_minor_unit_is_rounded_away_from_zero(amount: str, expected: int) -> None:
    assert rounded(Fraction(amount)) == expected
