"""When a mail is due, as values. No request, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from security.metrics import Measure

MORNING = time(6)
"""UTC: when a summary is sent at the earliest."""
PATIENCE = time(12)
"""UTC: until when a summary waits for a directory that was not read."""
STEADY = timedelta(days=7)
"""How long a figure that fell has to be at or above its threshold before it can fall again: what flaps is told once."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`below`: what fell and has not recovered, with the day it was last seen so. `crossed`: what is worth a mail."""

    below: Mapping[Measure, date]
    crossed: frozenset[Measure]


def judge(
    percents: Mapping[Measure, int | None], thresholds: Mapping[Measure, int], below: Mapping[Measure, date], day: date
) -> Judgement:
    """Weigh the snapshot of a day against what somebody watches.

    A measure that fell has recovered after `STEADY` at or above its threshold: only then can it fall again. A day
    without a figure counts as one below, and a measure that nobody watches any more is forgotten.
    """
    known = {measure: last for measure, last in below.items() if measure in thresholds and day - last <= STEADY}
    unclear = {measure for measure in known if percents.get(measure) is None}
    fallen = {measure for measure, least in thresholds.items() if _is_below(percents.get(measure), least)}
    return Judgement(known | dict.fromkeys(fallen | unclear, day), frozenset(fallen - known.keys()))


def _is_below(percent: int | None, threshold: int) -> bool:
    return percent is not None and percent < threshold


def next_summary(weekday: int, now: datetime) -> date:
    """The next day that is this one of the week; today only before the morning."""
    today = now.astimezone(UTC).date()
    first = today if now.astimezone(UTC).time() < MORNING else today + timedelta(days=1)
    return first + timedelta(days=(weekday - first.weekday()) % 7)


def summary_is_due(due_on: date | None, snapshot_day: date, *, was_read: bool, now: datetime) -> bool:
    """In the morning, after a snapshot of the same day. A day that was missed altogether is made up for.

    `was_read`: the snapshot has the directory's figures; where it has not, it is tried again until noon.
    """
    today, at = now.astimezone(UTC).date(), now.astimezone(UTC).time()
    if due_on is None or today < due_on or snapshot_day != today or at < MORNING:
        return False
    return was_read or at >= PATIENCE
