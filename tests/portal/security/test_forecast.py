"""The day on which a metric is whole, typed by hand: operations by the window, accounts by their pace (Q2 to Q5)."""

from datetime import date, timedelta

import pytest

from activity.rollups import Share
from security.forecast import whole_at_pace, whole_on

pytestmark = pytest.mark.requirement("Q2", "Q3", "Q4", "Q5")
TODAY = date(2026, 11, 30)
WINDOW = [date(2026, 11, 24 + number) for number in range(7)]
ALL, SOME, NONE = Share(4, 4), Share(4, 3), Share()


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([SOME, ALL, ALL, ALL, ALL, ALL, ALL], date(2026, 12, 1)),
        ([SOME, SOME, NONE, ALL, NONE, ALL, ALL], date(2026, 12, 2)),
        ([ALL, SOME, ALL, SOME, ALL, ALL, ALL], date(2026, 12, 4)),
        ([SOME, ALL, ALL, ALL, SOME, ALL, ALL], date(2026, 12, 5)),
        ([ALL, ALL, ALL, ALL, ALL, SOME, ALL], None),  # yesterday
        ([ALL, ALL, ALL, ALL, ALL, ALL, SOME], None),  # today
        ([SOME, SOME, SOME, SOME, SOME, SOME, SOME], None),
        ([ALL, ALL, ALL, ALL, ALL, ALL, ALL], date(2026, 11, 30)),
        ([NONE, NONE, NONE, NONE, NONE, NONE, NONE], date(2026, 11, 30)),
    ],
)
def test_the_last_operation_without_mfa_leaves_the_window_seven_days_later(
    shares: list[Share], expected: date | None
) -> None:
    assert whole_on(zip(WINDOW, shares, strict=True), today=TODAY) == expected


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([ALL, ALL, ALL, ALL, ALL, SOME, ALL], date(2026, 12, 6)),
        ([ALL, ALL, ALL, ALL, ALL, ALL, SOME], date(2026, 12, 7)),
    ],
)
def test_what_was_put_right_since_is_expected_not_to_go_on(shares: list[Share], expected: date) -> None:
    assert whole_on(zip(WINDOW, shares, strict=True), today=TODAY, fixed=True) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([9, 8, 7, 6, 5], date(2026, 12, 5)),  # one a day
        ([10, 10, 8, 8, 6, 6, 4], date(2026, 12, 4)),  # 30 in 28 days, so 4 in 3.7: the day on which the last has gone
        ([6, 5, 4, 3, 1], date(2026, 12, 1)),  # 1.2 a day
        ([40, 36, 32, 28, 24, 20, 16, 12, 8, 4], date(2026, 12, 1)),
        ([99, None, None, 60, None, 40, 20, 10], date(2026, 12, 1)),
        ([5, 90, 80, 70, 60, 50, 40, 30, 20, 10, 9, 8, 7, 6, 5], date(2026, 12, 1)),  # the first is too long ago
        ([9, 7, 5, 3, 1, None, None, None], date(2026, 11, 30)),  # expected for two days ago, and not read since
        ([9, 8, 7, 6], "too-few"),
        ([9, None, 8, None, 7, None, 6], "too-few"),
        ([9, 8, 7, 6, 5, 4, *[None] * 13], "too-few"),  # too long ago
        ([5, 5, 5, 5, 5], "not-falling"),
        ([5, 6, 7, 8, 9], "not-falling"),
        ([50, 5, 5, 5, 5, 5, 5, 5], "not-falling"),  # it fell once and has stood still since
        ([5, 9, 9, 9, 1, 1, 5], "not-falling"),
        ([900, 900, 900, 900, 900, 899], "too-slow"),
        ([900, 900, 899, 899, 898], "too-slow"),
    ],
)
def test_accounts_are_expected_to_go_on_at_their_pace(counts: list[int | None], expected: date | str) -> None:
    first = TODAY - timedelta(days=len(counts) - 1)
    figures = [(first + timedelta(days=number), count) for number, count in enumerate(counts) if count is not None]
    assert whole_at_pace(figures, today=TODAY) == expected
