"""Put the next signing key into use: `manage.py rotate_keys --settings=entra.settings`."""

from typing import Any

from django.core.management.base import BaseCommand

from entra.keys.services import rotate


class Command(BaseCommand):
    help = "Sign with the next key from now on and publish a new next key. Nobody notices."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Now signing with {rotate().kid}")
