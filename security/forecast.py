"""When a metric will be whole: operations leave the window by themselves, accounts go on at their pace (Q1 to Q5)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from activity.rollups import WINDOW_DAYS, Share

_STILL = timedelta(days=1)
PACE_DAYS = 14
FEWEST = 5
"""So many daily figures make a pace."""
FARTHEST = 365
"""A pace says nothing about more than so many days."""


class NoPace(StrEnum):
    """Why no day can be named."""

    TOO_FEW = "too-few"
    NOT_FALLING = "not-falling"
    TOO_SLOW = "too-slow"


def whole_on(days: Iterable[tuple[date, Share]], *, today: date, fixed: bool = False) -> date | None:
    """The day on which the last operation without MFA has left the window; `today` where none is in it.

    `days` is the window, as `rollups.share_by_day` returns it. None while such operations go on: there was one today
    or yesterday, unless what let them through has been put right since (`fixed`).
    """
    without = [day for day, share in days if share.with_mfa < share.operations]
    if not without:
        return today
    last = max(without)
    if not fixed and today - last <= _STILL:
        return None
    return last + timedelta(days=WINDOW_DAYS)


def whole_at_pace(figures: Iterable[tuple[date, int]], *, today: date) -> date | NoPace:
    """The day on which no account is left without MFA enforced, if it goes on as in the last `PACE_DAYS` days.

    `figures` are the accounts left open by day, above zero on the last; days without a figure are missing. The pace is
    the slope of the line of least squares through them. It counts only while it lasts: the last figure is below the
    first and below the one in the middle. No day before `today` is named where the last figure is of days ago.
    """
    known = sorted((day.toordinal(), count) for day, count in figures if today - day < timedelta(days=PACE_DAYS))
    if len(known) < FEWEST:
        return NoPace.TOO_FEW
    day, left = known[-1]
    fallen, elapsed = _slope(known)
    if fallen >= 0 or left >= min(known[0][1], known[(len(known) - 1) // 2][1]):
        return NoPace.NOT_FALLING
    days = -(left * elapsed // fallen)
    return max(today, date.fromordinal(day + days)) if days <= FARTHEST else NoPace.TOO_SLOW


def _slope(points: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The slope of the line of least squares as a fraction whose denominator is positive."""
    count, across, up = len(points), sum(x for x, _y in points), sum(y for _x, y in points)
    rise = count * sum(x * y for x, y in points) - across * up
    return rise, count * sum(x * x for x, _y in points) - across * across
