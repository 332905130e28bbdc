"""How many calls a partner may make in a minute.

Each call is counted with its entry in the log: in Redis, or else in the table. A process learns the count with its own
last call and asks nobody before the next, so a partner can exceed the limit by the calls that are at work at once.
"""

import time
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

from django.conf import settings

from activity.models import ApiRequest
from activity.operation import Entry
from activity.writer import write
from api.faults import Code, Fault

_MINUTE = 60
_learned: dict[UUID, tuple[int, int | None]] = {}
"""The minute of a partner's last call here, and which call of that minute it was; None where Redis did not say."""


def require_below_limit(tenant_id: UUID) -> None:
    """Raise a 429 Fault with `Retry-After` for a partner that has used up this minute's calls."""
    limit = settings.API_CALLS_PER_MINUTE
    if not limit:
        return
    now = time.time()
    if _calls(tenant_id, minute := int(now // _MINUTE)) < limit:
        return
    wait = max(1, int((minute + 1) * _MINUTE - now + 0.999))
    raise Fault(
        HTTPStatus.TOO_MANY_REQUESTS,
        Code.TOO_MANY_CALLS,
        f"More than {limit} calls in this minute. Wait {wait} seconds.",
        headers={"Retry-After": str(wait)},
    )


def _calls(tenant_id: UUID, minute: int) -> int:
    """Calls answered in this minute before this one, refused ones too: once over the limit, they change nothing."""
    if settings.REDIS_URL:
        when, calls = _learned.get(tenant_id, (minute, 0))
        if calls is not None:
            return calls if when == minute else 0
    since = datetime.fromtimestamp(minute * _MINUTE, UTC)
    return ApiRequest.objects.filter(tenant_id=tenant_id, at__gte=since).count()


def write_counted(entry: Entry, tenant_id: UUID) -> None:
    """Write a call that was answered to the log, and learn how many the partner has made."""
    minute = int(time.time() // _MINUTE)
    _learned[tenant_id] = (minute, write(entry, tally=f"api:calls:{tenant_id.hex}:{minute}"))
