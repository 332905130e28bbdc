"""What the watches told, and when they look."""

from datetime import timedelta

from security.models import SecurityAlert

DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
LATER = timedelta(seconds=11)  # rows younger than ten seconds are left to the next turn


def told() -> list[tuple[str, int]]:
    return [(alert.kind, alert.observations) for alert in SecurityAlert.objects.order_by("detected_at")]
