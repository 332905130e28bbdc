"""Moves operations from the Redis stream to the database, in batches, as long as it runs."""

import time
from typing import Any

import redis
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from activity.writer import STREAM, insert, stream

BATCH = 1000


class Command(BaseCommand):
    help = "Ship the operation log from Redis to the database. With --once: what is there now, then stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REDIS_URL:
            raise CommandError("REDIS_URL is not set: operations are written straight to the database.")
        while True:
            try:
                shipped = ship()
            except redis.RedisError as error:
                self.stderr.write(f"Redis: {error}")
                shipped = 0
            if options["once"] and not shipped:
                return
            if shipped < BATCH and not options["once"]:
                time.sleep(0.5)  # lets a batch gather; a status page may lag this much


def ship() -> int:
    """Ship one batch. Stored first, then deleted from the stream: a crash between ships again, ids keep it once."""
    entries: list[Any] = stream().xrange(STREAM, count=BATCH)  # type: ignore[assignment]
    if entries:
        insert(fields for _, fields in entries)
        stream().xdel(STREAM, *(entry_id for entry_id, _ in entries))
    return len(entries)
