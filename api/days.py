"""The days that a report is asked for: `startDate` and `endDate`, whole days in UTC, both included."""

from datetime import date, timedelta

from django.utils import timezone

from api import moments
from api.call import Call
from api.faults import bad_input
from api.registry import Query

KEPT = 90
_DATE = (("type", "string"), ("format", "date"))


def parameters(default: str) -> tuple[Query, Query]:
    """For the document; `default` says where the days begin when nobody says."""
    return (
        Query("startDate", f"The first day, {KEPT} days ago at most; {default} where it is left out.", _DATE),
        Query("endDate", "The last day; today where it is left out.", _DATE),
    )


def asked(call: Call, *, before: int) -> tuple[date, date]:
    """The first and the last day; the first is so many days before the last where it is left out. Raises Fault."""
    today = timezone.now().date()
    oldest, tomorrow = today - timedelta(days=KEPT), today + timedelta(days=1)
    last = _day(call, "endDate", today)
    if last < oldest:
        raise bad_input(f"endDate has to be within the last {KEPT} days.", "endDate")
    first = _day(call, "startDate", max(oldest, min(last, today) - timedelta(days=before)))
    if first < oldest:
        raise bad_input(f"startDate has to be within the last {KEPT} days.", "startDate")
    if last < first:
        raise bad_input("endDate is before startDate.", "endDate")
    return min(first, tomorrow), min(last, tomorrow)  # nothing is later


def _day(call: Call, name: str, default: date) -> date:
    if call.given(name) is None:
        return default
    try:
        return moments.day(call.text(name))
    except ValueError as error:
        raise bad_input(f"{name} has to be {error}.", name) from error
