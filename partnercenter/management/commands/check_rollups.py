"""`manage.py check_rollups`: whether the daily roll-ups are what the operation log comes to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from activity import rollups


class Command(BaseCommand):
    help = "Compare the daily roll-ups with the operation log. Says what differs; exits with 1 if anything does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="count the log anew first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            rollups.rebuild()
        found = rollups.differences()
        for difference in found:
            self.stdout.write(str(difference))
        if found:
            raise CommandError(f"{len(found)} roll-up rows differ from the log; --rebuild counts it anew.")
        self.stdout.write("The roll-ups are what the log comes to.")
