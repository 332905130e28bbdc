"""How long a person has to wait, as people count."""

from datetime import datetime, timedelta

from django.utils import timezone


def minutes_until(moment: datetime) -> int:
    """Whole minutes until `moment`, rounded up, at least one."""
    seconds = (moment - timezone.now()).total_seconds()
    return max(1, -(-int(seconds) // 60))


def days_until(moment: datetime) -> int:
    """Days until `moment`, a begun one counted, at least one."""
    return max(1, -((timezone.now() - moment) // timedelta(days=1)))
