"""Moves operations from the Redis stream to the database, in batches, as long as it runs."""

import logging
import time
from datetime import UTC, datetime
from typing import Any

import redis
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, close_old_connections

from activity.writer import STREAM, UNSTORABLE, insert, stored_until, stream

BATCH = 1000
REASON = "set-aside"
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Ship the operation log from Redis to the database. With --once: what is there now, then stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--again", action="store_true", help="also what was set aside, once")
        parser.add_argument("--status", action="store_true", help="say what waits and what is set aside, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REDIS_URL:
            raise CommandError("REDIS_URL is not set: operations are written straight to the database.")
        if options.get("status"):
            self._tell()
            return
        if options.get("again"):
            put_back()
        while True:
            try:
                shipped = ship()
            except (redis.RedisError, Error):
                logger.exception("The operation log waits in Redis and is shipped again")
                close_old_connections()
                shipped = 0
            if options["once"] and not shipped:
                return
            if shipped < BATCH and not options["once"]:
                time.sleep(0.5)  # lets a batch gather; a status page may lag this much

    def _tell(self) -> None:
        try:
            waiting, aside, until = stream().xlen(STREAM), stream().xlen(_aside()), stored_until(datetime.now(UTC))
        except redis.RedisError as error:
            raise CommandError("Redis does not answer.") from error
        self.stdout.write(f"Waiting: {waiting}\nSet aside: {aside}\nStored until: {until:%Y-%m-%dT%H:%M:%SZ}")


def ship() -> int:
    """Ship one batch. Stored first, then deleted from the stream: a crash between ships again, ids keep it once."""
    entries: list[Any] = stream().xrange(STREAM, count=BATCH)  # type: ignore[assignment]
    if not entries:
        return 0
    try:
        insert(fields for _, fields in entries)
    except UNSTORABLE:
        for entry_id, fields in entries:
            _ship_alone(entry_id, fields)
    else:
        stream().xdel(STREAM, *(entry_id for entry_id, _ in entries))
    return len(entries)


def put_back() -> None:
    """Return what was set aside to the stream; what still cannot be stored is set aside anew."""
    entries: list[Any] = stream().xrange(_aside())  # type: ignore[assignment]
    for entry_id, fields in entries:
        _move(entry_id, _aside(), STREAM, {name: value for name, value in fields.items() if name != REASON})


def _ship_alone(entry_id: str, fields: dict[str, Any]) -> None:
    """An entry that can never be stored is set aside, with the reason, so that those behind it are not kept waiting."""
    try:
        insert([fields])
    except UNSTORABLE as error:
        _move(entry_id, STREAM, _aside(), {**fields, REASON: f"{type(error).__name__}: {error}"})
        # Without the reason's words: they may hold what was in the entry.
        logger.error("Entry %s of the operation log is set aside in %s: %s", entry_id, _aside(), type(error).__name__)
    else:
        stream().xdel(STREAM, entry_id)


def _aside() -> str:
    return f"{STREAM}:set-aside"


def _move(entry_id: str, source: str, target: str, fields: dict[Any, Any]) -> None:
    with stream().pipeline(transaction=True) as pipe:
        pipe.xadd(target, fields)
        pipe.xdel(source, entry_id)
        pipe.execute()
