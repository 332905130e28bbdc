"""The day on which the share of operations with MFA is whole, typed by hand from the seven-day window (Q3, Q4)."""

from datetime import date

import pytest

from activity.rollups import Share
from security.forecast import whole_on

pytestmark = pytest.mark.requirement("Q3", "Q4")
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
