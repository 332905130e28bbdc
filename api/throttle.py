"""How many calls a partner may make in a minute. The count is in Redis, or else in the log of calls itself."""

import logging
import time
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

import redis
from django.conf import settings

from activity.models import ApiRequest
from activity.writer import stream
from api.faults import Code, Fault

_MINUTE = 60
logger = logging.getLogger(__name__)


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
    """Calls answered in this minute before this one; refusals for their number are not among them."""
    if settings.REDIS_URL:
        try:
            return _counted(tenant_id, minute)
        except redis.RedisError:
            logger.warning("Redis does not count the calls of the API; counting in the log", exc_info=True)
    since = datetime.fromtimestamp(minute * _MINUTE, UTC)
    calls = ApiRequest.objects.filter(tenant_id=tenant_id, at__gte=since)
    return calls.exclude(status=HTTPStatus.TOO_MANY_REQUESTS).count()


def _counted(tenant_id: UUID, minute: int) -> int:
    key = f"api:calls:{tenant_id.hex}:{minute}"
    pipe = stream().pipeline(transaction=False)
    pipe.incr(key)
    pipe.expire(key, 2 * _MINUTE)
    return int(pipe.execute()[0]) - 1
