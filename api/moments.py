"""Moments as the API writes and reads them: ISO 8601 in UTC."""

from datetime import UTC, date, datetime, time

from django.utils.dateparse import parse_date, parse_datetime

NEVER = datetime.min  # noqa: DTZ901 - written without a zone, as clients expect it
"""Clients expect 0001-01-01T00:00:00 where there is no moment, never `null`."""


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def day(text: str) -> date:
    """A date, also of a date and time. Raises ValueError, saying what is wanted."""
    found = parse_date(text[:10])
    if found is None:
        raise ValueError("a date such as 2026-11-24")
    return found


def moment(text: str) -> datetime:
    """A date and time; without a zone it is UTC, without a time midnight. Raises ValueError, saying what is wanted."""
    found = parse_datetime(text) or midnight(day(text))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
