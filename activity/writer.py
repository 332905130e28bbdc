"""The write path of the operation log: one raw insert, or one entry in a Redis stream where there is Redis."""

import json
import logging
import threading
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

from activity.operation import Entry

STREAM = "activity:operations"
TALLY_SECONDS = 120
"""How long a tally is kept after the last entry counted in it."""
_WHO = ("id", "at", "tenant_id", "user_id", "user_name")
_HOW = ("application_id", "operation", "path", "ip", "status", "code", "mfa", "request_id", "correlation_id", "claims")
COLUMNS = {"portal": (*_WHO, "area", "path", "mfa"), "api": (*_WHO, *_HOW)}
_TABLES = {"portal": "activity_operationrecord", "api": "activity_apirequest"}
_INSERT = {
    channel: f"INSERT INTO {_TABLES[channel]} ({', '.join(columns)}) "  # noqa: S608 - constants only
    f"VALUES ({', '.join(['%s'] * len(columns))}) ON CONFLICT DO NOTHING"
    for channel, columns in COLUMNS.items()
}
_INSERT_BATCH = {
    channel: f"INSERT INTO {_TABLES[channel]} ({', '.join(columns)}) "  # noqa: S608 - constants only
    f"SELECT {', '.join(columns)} FROM json_populate_recordset(NULL::{_TABLES[channel]}, %s) ON CONFLICT DO NOTHING"
    for channel, columns in COLUMNS.items()
}
"""For PostgreSQL. One parameter: a statement with a parameter a value would be prepared anew for each size of batch."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Value = str | bool | int | datetime
UNSTORABLE = (DataError, IntegrityError, LookupError, ValueError, OverflowError)
"""What an entry raises that is malformed, or of a version that had other columns."""
logger = logging.getLogger(__name__)


def write(entry: Entry, *, tally: str = "") -> int | None:
    """Store one entry durably outside this process. Redis that does not answer is passed over, not waited for.

    With `tally` the entry is counted under that name too, in the same round trip; the count is returned where Redis
    keeps it.
    """
    if settings.REDIS_URL:
        try:
            return _streamed(entry, tally)
        except redis.RedisError:
            logger.warning("Redis does not take the operation log; writing to the database", exc_info=True)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT[entry["channel"]], row(entry))
    return None


def _streamed(entry: Entry, tally: str) -> int | None:
    if not tally:
        stream().xadd(STREAM, entry)  # type: ignore[arg-type] # its dict is invariant
        return None
    pipe = stream().pipeline(transaction=False)
    pipe.incr(tally)
    pipe.expire(tally, TALLY_SECONDS)
    pipe.xadd(STREAM, entry)  # type: ignore[arg-type]
    return int(pipe.execute()[0])


def insert(entries: Iterable[Mapping[str, str]]) -> None:
    """Insert shipped entries, all or none, in one statement a table; one already stored is left as it is.

    Raises one of UNSTORABLE for an entry that will never be stored, and another DatabaseError for what may pass.
    """
    by_channel: dict[str, list[list[Value]]] = {channel: [] for channel in COLUMNS}
    for entry in entries:
        by_channel[entry["channel"]].append(row(entry))
    with transaction.atomic(), connection.cursor() as cursor:
        for channel, rows in by_channel.items():
            rows.sort(key=lambda values: str(values[0]))  # two that insert the same rows meet them in one order
            if connection.vendor != "postgresql":
                cursor.executemany(_INSERT[channel], rows)
            elif rows:
                batch = [dict(zip(COLUMNS[channel], values, strict=True)) for values in rows]
                cursor.execute(_INSERT_BATCH[channel], [json.dumps(batch, default=str)])


def stored_until(now: datetime) -> datetime:
    """Until when the tables are complete: entries of later may still wait in the stream. Raises redis.RedisError."""
    waiting: list[Any] = stream().xrange(STREAM, count=1) if settings.REDIS_URL else []  # type: ignore[assignment]
    if not waiting:
        return now
    milliseconds, _, _number = str(waiting[0][0]).partition("-")
    return min(now, datetime.fromtimestamp(int(milliseconds) / 1000, UTC))


def row(entry: Mapping[str, str]) -> list[Value]:
    """The entry as parameters in the shape the ORM would store: no ORM, it would cost a third of a page."""
    return [_stored(name, entry[name]) for name in COLUMNS[entry["channel"]]]


def _stored(column: str, value: str) -> Value:
    if column in {"id", "tenant_id"}:
        return str(uuid.UUID(value)) if connection.features.has_native_uuid_field else value
    if column == "at":
        at = _EPOCH + timedelta(seconds=float(value))  # `fromtimestamp` raises OSError for what no calendar has
        return at if connection.vendor == "postgresql" else f"{at:%Y-%m-%d %H:%M:%S.%f}"
    if column == "mfa":
        return value == "1"
    return int(value) if column == "status" else value


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
            encoding_errors="replace",  # bytes that are no text spoil their entry, not the reading of all
            single_connection_client=True,
            retry=Retry(NoBackoff(), 1),  # a connection that Redis closed is opened again; ids keep an entry once
        )
        _threads.client = client
    return client
