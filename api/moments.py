"""Moments as the API writes and reads them: ISO 8601 in UTC."""

from contextlib import suppress
from datetime import UTC, date, datetime, time

from django.utils.dateparse import parse_date, parse_datetime

NEVER = datetime.min  # noqa: DTZ901 - written without a zone, as clients expect it
"""Clients expect 0001-01-01T00:00:00 where there is no moment, never `null`."""


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def day(text: str) -> date:
    """A date, also of a date and time. Raises ValueError, saying what is wanted."""
    with suppress(ValueError):  # of a form that is right, and no day: 2026-02-30
        if text[10:11] in ("", "T", " ") and (found := parse_date(text[:10])):
            return found
    raise ValueError("a date such as 2026-11-24")


def moment(text: str) -> datetime:
    """A date and time; without a zone it is UTC, without a time midnight. Raises ValueError, saying what is wanted."""
    found = parse_datetime(text) or midnight(day(text))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
