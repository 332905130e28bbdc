"""Put the next signing key into use: `manage.py rotate_keys --settings=entra.settings`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entra.keys.services import CACHED_FOR, TooEarly, rotate


class Command(BaseCommand):
    help = "Sign with the next key from now on and publish a new next key. Nobody notices."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hurry", action="store_true", help="Rotate even if the next key was published just now.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = rotate(hurry=options["hurry"])
        except TooEarly as error:
            minutes = int(CACHED_FOR.total_seconds()) // 60
            message = f"The next key was published less than {minutes} minutes ago and may not be known everywhere."
            raise CommandError(message) from error
        self.stdout.write(f"Now signing with {key.kid}")
