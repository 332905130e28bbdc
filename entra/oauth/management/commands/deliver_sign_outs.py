"""Send sign-out messages that have not arrived yet: `manage.py deliver_sign_outs --loop --settings=entra.settings`."""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from entra.oauth.backchannel import deliver_due

logger = logging.getLogger(__name__)
_PAUSE = 2  # seconds; a change at the provider is to be seen within five (M22)


class Command(BaseCommand):
    help = "Send the sign-out messages that are due; with --loop, go on every two seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["loop"]:
            self.stdout.write(f"{deliver_due()} messages arrived")
            return
        while True:
            try:
                deliver_due()
            except DatabaseError:
                # A busy or restarting database is no reason to stop telling; what is due stays due.
                logger.exception("Sign-out messages could not be read")
            close_old_connections()
            time.sleep(_PAUSE)
