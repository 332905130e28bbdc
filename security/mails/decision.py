"""When a mail is due, as values. No request, no database."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from security.metrics import Measure

MORNING = time(6)
"""UTC: when a summary is sent at the earliest."""
PATIENCE = time(12)
"""UTC: until when a summary waits for a directory that was not read."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`below`: what is below from now on. `crossed`: what fell below just now, which is worth a mail."""

    below: frozenset[Measure]
    crossed: frozenset[Measure]


def judge(percents: Mapping[Measure, int | None], thresholds: Mapping[Measure, int], below: Set[Measure]) -> Judgement:
    """Weigh a snapshot against what somebody watches.

    A measure falls below once and recovers at its threshold: only then can it fall again. One without a figure stays
    as it was, and one that nobody watches any more is forgotten.
    """
    now_below = set()
    for measure, threshold in thresholds.items():
        percent = percents.get(measure)
        if measure in below if percent is None else percent < threshold:
            now_below.add(measure)
    return Judgement(frozenset(now_below), frozenset(now_below - below))


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
