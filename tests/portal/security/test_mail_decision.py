"""When an alert and a weekly summary are due, as tables."""

from datetime import UTC, date, datetime

import pytest

from security.mails.decision import Judgement, judge, next_summary, summary_is_due
from security.metrics import Measure

A, P = Measure.ACCOUNTS, Measure.PORTAL
ON = {A}
OFF: set[Measure] = set()


@pytest.mark.requirement("Q1")
@pytest.mark.parametrize(
    ("percent", "threshold", "was_below", "is_below", "told"),
    [
        (99, 100, OFF, True, True),  # falls below
        (99, 100, ON, True, False),  # stays below: nothing new
        (40, 100, ON, True, False),  # falls further
        (100, 100, ON, False, False),  # recovers in silence
        (100, 100, OFF, False, False),
        (90, 90, OFF, False, False),  # at the threshold is not below
        (90, 90, ON, False, False),
        (89, 90, OFF, True, True),
        (0, 1, OFF, True, True),
        (None, 100, OFF, False, False),  # without a figure it stays as it was
        (None, 100, ON, True, False),
    ],
)
def test_one_figure(percent: int | None, threshold: int, was_below: set[Measure], is_below: bool, told: bool) -> None:
    below, crossed = frozenset({A} if is_below else ()), frozenset({A} if told else ())
    assert judge({A: percent}, {A: threshold}, was_below) == Judgement(below, crossed)


@pytest.mark.requirement("Q1")
def test_a_figure_is_told_once_each_time_it_falls() -> None:
    days = [100, 95, 95, 94, None, 95, 100, 100, 99, 98]
    told, below = [], frozenset[Measure]()
    for percent in days:
        judgement = judge({A: percent}, {A: 100}, below)
        below = judgement.below
        told.append(A in judgement.crossed)
    assert told == [False, True, False, False, False, False, False, False, True, False]


def test_each_figure_is_weighed_alone_and_only_what_is_watched() -> None:
    assert judge({A: 80, P: 80}, {A: 90, P: 70}, OFF) == Judgement(frozenset({A}), frozenset({A}))
    assert judge({A: 80, P: 80}, {P: 90}, {A}) == Judgement(frozenset({P}), frozenset({P}))
    assert judge({A: 80}, {}, {A}) == Judgement(frozenset(), frozenset())


MONDAY = date(2026, 11, 30)


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
