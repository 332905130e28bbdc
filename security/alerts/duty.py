"""The turn of the loop that looks for what is worth an alert."""

from django.utils import timezone

from activity.loop import each
from security.alerts.calls import watch_calls
from security.alerts.role_changes import watch_role_changes
from security.alerts.sign_ins import watch_sign_ins, watch_step_ups

_WATCHES = (watch_sign_ins, watch_step_ups, watch_role_changes, watch_calls)


def watch_due() -> int:
    """Read each log on; one that cannot be read does not keep the others waiting. Raises ExceptionGroup for those."""
    now = timezone.now()
    return each(_WATCHES, lambda watch: watch(now))
