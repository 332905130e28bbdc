"""`manage.py make_room`: what the loop does hourly in the operation log, now."""

from typing import Any

from django.core.management.base import BaseCommand

from activity.retention import make_room


class Command(BaseCommand):
    help = "Create the operation log's partitions of the next days, and delete what is older than OPERATION_LOG_DAYS."

    def handle(self, *args: Any, **options: Any) -> None:
        room = make_room()
        self.stdout.write(
            f"{room.created} partitions created, {room.dropped} partitions dropped, {room.deleted} rows deleted"
        )
