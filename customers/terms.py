"""How long subscriptions run, in whole months."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import count

from customers.models.subscription import TermDuration

MONTHS = {TermDuration.MONTH.value: 1, TermDuration.YEAR.value: 12, TermDuration.THREE_YEARS.value: 36}


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_day(first: date, term: str) -> date:
    """The last day of a term that begins on this one: a year from 5 January ends on 4 January."""
    return _end(first, MONTHS[term])


def running_term_end(start: date, term: str, day: date) -> date:
    """The last day of the term that runs on this day, of a subscription that began at `start` and renews."""
    months = MONTHS[term]
    return next(end for done in count(months, months) if (end := _end(start, done)) >= day)


def _end(first: date, months: int) -> date:
    return months_later(first, months) - timedelta(days=1)
