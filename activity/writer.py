"""The write path of the operation log: one raw insert, or one entry in a Redis stream where there is Redis."""

import logging
import threading
import time
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import redis
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from activity.operation import Operation

STREAM = "activity:operations"
COLUMNS = ("id", "at", "tenant_id", "user_id", "user_name", "area", "path", "mfa")
INSERT = (
    f"INSERT INTO activity_operationrecord ({', '.join(COLUMNS)}) "  # noqa: S608 - constants only
    f"VALUES ({', '.join(['%s'] * len(COLUMNS))}) ON CONFLICT (id) DO NOTHING"
)
logger = logging.getLogger(__name__)


def write(operation: Operation, path: str) -> None:
    """Store one operation durably outside this process. Redis that does not answer is passed over, not waited for."""
    entry = _entry(operation, path)
    if settings.REDIS_URL:
        try:
            stream().xadd(STREAM, entry)  # type: ignore[arg-type] # its dict is invariant
        except redis.RedisError:
            logger.warning("Redis does not take the operation log; writing to the database", exc_info=True)
        else:
            return
    with connection.cursor() as cursor:
        cursor.execute(INSERT, row(entry))


def insert(entries: Iterable[Mapping[str, str]]) -> None:
    """Insert shipped entries; one already stored is left as it is."""
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, [row(entry) for entry in entries])


def row(entry: Mapping[str, str]) -> list[str | bool | datetime]:
    """The entry as parameters in the shape the ORM would store: no ORM, it would cost a third of a page."""
    identifiers = (entry["id"], entry["tenant_id"])
    if connection.features.has_native_uuid_field:
        identifier, tenant = (str(uuid.UUID(value)) for value in identifiers)
    else:
        identifier, tenant = identifiers
    at = datetime.fromtimestamp(float(entry["at"]), UTC)
    stored_at: datetime | str = at if connection.vendor == "postgresql" else f"{at:%Y-%m-%d %H:%M:%S.%f}"
    texts = (entry["user_id"], entry["user_name"], entry["area"], entry["path"])
    return [identifier, stored_at, tenant, *texts, entry["mfa"] == "1"]


_threads = threading.local()


def stream() -> "redis.Redis":
    """One client, with one connection, a thread: nothing is handed round or locked while a page waits.

    Its short timeout keeps a hanging Redis from hanging pages.
    """
    client: redis.Redis | None = getattr(_threads, "client", None)
    if client is None:
        client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=2,
            socket_connect_timeout=1,
            decode_responses=True,
            single_connection_client=True,
            retry=Retry(NoBackoff(), 1),  # a connection that Redis closed is opened again; ids keep an entry once
        )
        _threads.client = client
    return client


def _entry(operation: Operation, path: str) -> dict[str, str]:
    return {
        "id": uuid.uuid4().hex,
        "at": repr(time.time()),
        "tenant_id": operation.tenant_id.hex,
        "user_id": operation.user_id[:64],
        "user_name": operation.user_name[:255],
        "area": operation.area,
        "path": path.replace("\x00", "\N{REPLACEMENT CHARACTER}")[:255],  # PostgreSQL stores no NUL
        "mfa": "1" if operation.mfa else "0",
    }
