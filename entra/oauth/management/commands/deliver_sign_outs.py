"""Send sign-out messages that have not arrived yet: `manage.py deliver_sign_outs --loop --settings=entra.settings`."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from entra.oauth.backchannel import deliver_due


class Command(BaseCommand):
    help = "Send the sign-out messages that are due; with --loop, go on every two seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        deliver_due()
        while options["loop"]:
            time.sleep(2)
            deliver_due()
