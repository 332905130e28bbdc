"""When an alert and a weekly summary are due, as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from security.mails.decision import Judgement, judge, next_summary, summary_is_due
from security.metrics import Measure

A, P = Measure.ACCOUNTS, Measure.PORTAL
MONDAY = date(2026, 11, 30)
SUNDAY = date(2026, 11, 29)
ON = {A: SUNDAY}
OFF: dict[Measure, date] = {}


@pytest.mark.requirement("Q1")
@pytest.mark.parametrize(
    ("percent", "threshold", "before", "after", "told"),
    [
        (99, 100, None, MONDAY, True),  # falls below
        (99, 100, SUNDAY, MONDAY, False),  # stays below: nothing new
        (40, 100, SUNDAY, MONDAY, False),  # falls further
        (100, 100, SUNDAY, SUNDAY, False),  # at its threshold, for a day so far
        (100, 100, None, None, False),
        (90, 90, None, None, False),  # at the threshold is not below
        (90, 90, SUNDAY, SUNDAY, False),
        (89, 90, None, MONDAY, True),
        (0, 1, None, MONDAY, True),
        (None, 100, None, None, False),  # without a figure it stays as it was
        (None, 100, SUNDAY, MONDAY, False),
        (99, 100, date(2026, 11, 23), MONDAY, False),  # six days at its threshold
        (99, 100, date(2026, 11, 22), MONDAY, True),  # seven
        (100, 100, date(2026, 11, 23), date(2026, 11, 23), False),
        (100, 100, date(2026, 11, 22), None, False),  # recovers in silence
        (99, 100, MONDAY, MONDAY, False),  # another snapshot of the same day
    ],
)
def test_one_figure(percent: int | None, threshold: int, before: date | None, after: date | None, told: bool) -> None:
    judgement = judge({A: percent}, {A: threshold}, {A: before} if before else {}, MONDAY)
    assert judgement == Judgement({A: after} if after else {}, frozenset({A} if told else ()))


@pytest.mark.requirement("Q1")
@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ([100, 95, 95, 94, None, 95, 100, 100, 99, 98], [1]),
        ([100, 99] * 15, [1]),  # it flaps
        ([99, *[100] * 7, 99, *[100] * 6, 99], [0, 8]),
        ([99, *[100] * 5, None, *[100] * 6, 99], [0]),  # not seven days in a row
        ([99, *[None] * 20, 99], [0]),
    ],
)
def test_a_figure_that_flaps_is_told_once(figures: list[int | None], told: list[int]) -> None:
    """Day after day: the numbers of the days on which it is told."""
    crossed, below = [], dict[Measure, date]()
    for number, percent in enumerate(figures):
        judgement = judge({A: percent}, {A: 100}, below, MONDAY + timedelta(days=number))
        below = dict(judgement.below)
        crossed += [number] if judgement.crossed else []
    assert crossed == told


def test_each_figure_is_weighed_alone_and_only_what_is_watched() -> None:
    assert judge({A: 80, P: 80}, {A: 90, P: 70}, OFF, MONDAY) == Judgement({A: MONDAY}, frozenset({A}))
    assert judge({A: 80, P: 80}, {P: 90}, ON, MONDAY) == Judgement({P: MONDAY}, frozenset({P}))
    assert judge({A: 80}, {}, ON, MONDAY) == Judgement({}, frozenset())


def at(day: int, hour: int) -> datetime:
    """November counts on: day 31 is December the 1st."""
    return datetime(2026, 11, day, hour, tzinfo=UTC) if day <= 30 else datetime(2026, 12, day - 30, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("weekday", "now", "expected"),
    [
        (0, at(30, 5), date(2026, 11, 30)),  # this very morning
        (0, at(30, 6), date(2026, 12, 7)),
        (1, at(30, 12), date(2026, 12, 1)),
        (6, at(30, 12), date(2026, 12, 6)),
        (0, at(29, 23), date(2026, 11, 30)),
    ],
)
def test_the_next_summary(weekday: int, now: datetime, expected: date) -> None:
    assert next_summary(weekday, now) == expected


@pytest.mark.parametrize(
    ("due_on", "snapshot_day", "was_read", "now", "expected"),
    [
        (MONDAY, MONDAY, True, at(30, 6), True),
        (MONDAY, MONDAY, True, at(30, 5), False),  # not in the night
        (MONDAY, date(2026, 11, 29), True, at(30, 9), False),  # that day's snapshot is not there yet
        (MONDAY, MONDAY, False, at(30, 11), False),  # the directory is tried again until noon
        (MONDAY, MONDAY, False, at(30, 12), True),
        (MONDAY, date(2026, 12, 1), True, at(31, 6), True),  # Monday was missed
        (MONDAY, date(2026, 11, 29), True, at(29, 9), False),  # it is Sunday
        (None, MONDAY, True, at(30, 9), False),
    ],
)
def test_a_summary_is_due(
    due_on: date | None, snapshot_day: date, was_read: bool, now: datetime, expected: bool
) -> None:
    assert summary_is_due(due_on, snapshot_day, was_read=was_read, now=now) is expected


def test_the_days_of_this_table_are_what_it_takes_them_for() -> None:
    assert MONDAY.weekday() == 0
