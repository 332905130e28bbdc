"""Whether a line can be ordered, and for which term: tables typed from the rules."""

from datetime import date
from uuid import uuid4

import pytest

from customers.purchase import Base, Item, Problem, Wanted, problem, term_of
from customers.terms import last_day

MONTH, YEAR, YEARLY = ("P1M", "monthly"), ("P1Y", "monthly"), ("P1Y", "annual")
E3 = Item(sold_here=True, minimum_quantity=2, maximum_quantity=300, terms=frozenset({MONTH, YEAR, YEARLY}))
AWAY = Item(sold_here=False, minimum_quantity=1, maximum_quantity=300, terms=frozenset({YEAR}))
ADD_ON = Item(True, 1, 300, frozenset({YEAR}), prerequisites=frozenset({"CFQ7TTC0LF8R:0001"}))


def wanted(quantity: int = 5, cycle: str = "monthly", term: str = "") -> Wanted:
    return Wanted("CFQ7TTC0LF8R:0001", quantity, billing_cycle=cycle, term_duration=term)


@pytest.mark.parametrize(
    ("item", "line", "base", "expected"),
    [
        (E3, wanted(), None, None),
        (E3, wanted(2), None, None),
        (E3, wanted(300), None, None),
        (E3, wanted(cycle="annual", term="P1Y"), None, None),
        (None, wanted(), None, Problem.UNKNOWN_ITEM),
        (AWAY, wanted(), None, Problem.NOT_SOLD_HERE),
        (E3, wanted(cycle="one_time"), None, Problem.BILLING_CYCLE),
        (E3, wanted(cycle="annual", term="P1M"), None, Problem.TERM),
        (E3, wanted(term="P3Y"), None, Problem.TERM),
        (E3, wanted(1), None, Problem.QUANTITY),
        (E3, wanted(301), None, Problem.QUANTITY),
        (E3, wanted(), Base("CFQ7TTC0LF8R:0001"), Problem.BASE_UNRELATED),
        (ADD_ON, wanted(), None, Problem.BASE_MISSING),
        (ADD_ON, wanted(), Base("CFQ7TTC0LF8R:0001"), None),
        (ADD_ON, wanted(), Base("CFQ7TTC0LFLX:0001"), Problem.BASE_UNRELATED),
        (ADD_ON, wanted(), Base(""), Problem.BASE_UNRELATED),
        (ADD_ON, wanted(), Base("CFQ7TTC0LF8R:0001", active=False), Problem.BASE_NOT_ACTIVE),
    ],
)
def test_a_line_is_refused_with_its_problem(
    item: Item | None, line: Wanted, base: Base | None, expected: Problem | None
) -> None:
    assert problem(item, line, base) is expected


@pytest.mark.parametrize(
    ("terms", "line", "expected"),
    [
        ({MONTH, YEAR}, wanted(), "P1Y"),
        ({MONTH, YEAR}, wanted(term="P1M"), "P1M"),
        ({MONTH}, wanted(), "P1M"),
        ({MONTH, YEARLY}, wanted(cycle="annual"), "P1Y"),
        ({MONTH}, wanted(cycle="annual"), ""),
        ({("P3Y", "annual")}, wanted(cycle="annual"), "P3Y"),
    ],
)
def test_without_a_term_it_is_a_year_where_that_is_sold(
    terms: set[tuple[str, str]], line: Wanted, expected: str
) -> None:
    assert term_of(Item(True, 1, 300, frozenset(terms)), line) == expected


def test_the_parts_of_a_catalog_item_are_read_in_any_case() -> None:
    line = Wanted("cfq7ttc0lf8r:0001:us0000000001", 1)
    assert (line.offer_id, line.availability_id) == ("CFQ7TTC0LF8R:0001", "US0000000001")
    assert Wanted("CFQ7TTC0LF8R:0001", 1).availability_id == ""


def test_the_parent_is_read_from_the_provisioning_context_in_any_case() -> None:
    key = str(uuid4())
    assert Wanted("X:1", 1, provisioning_context={"parentSubscriptionId": key}).parent_subscription_id == key


@pytest.mark.parametrize(
    ("first", "term", "last"),
    [
        (date(2026, 1, 5), "P1Y", date(2027, 1, 4)),
        (date(2026, 1, 5), "P1M", date(2026, 2, 4)),
        (date(2026, 12, 31), "P1M", date(2027, 1, 30)),
        (date(2026, 1, 31), "P1M", date(2026, 2, 27)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 27)),
        (date(2026, 3, 1), "P3Y", date(2029, 2, 28)),
    ],
)
def test_a_term_ends_on_the_day_before_it_would_begin_again(first: date, term: str, last: date) -> None:
    assert last_day(first, term) == last
