"""Whether the provider's events arrive: without them, what the portal knows of people may be out of date (M22)."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import EventFeed

_ONLY_ROW = 1


def heard() -> None:
    """Note that a push arrived, or that the provider answered a poll."""
    EventFeed.objects.update_or_create(pk=_ONLY_ROW, defaults={"heard_at": timezone.now()})


def events_are_current() -> bool:
    """Tell whether the last push or poll is recent enough; always true where the provider sends no events."""
    if not settings.SECURITY_EVENTS:
        return True
    oldest = timezone.now() - timedelta(seconds=settings.EVENTS_CURRENT_SECONDS)
    return EventFeed.objects.filter(pk=_ONLY_ROW, heard_at__gt=oldest).exists()
