"""How long subscriptions run, in whole months."""

from calendar import monthrange
from datetime import date

from customers.models.subscription import TermDuration

MONTHS = {TermDuration.MONTH.value: 1, TermDuration.YEAR.value: 12, TermDuration.THREE_YEARS.value: 36}


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has none such."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
