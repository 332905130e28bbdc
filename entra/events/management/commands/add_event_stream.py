"""Let an application hear of changed accounts: `manage.py add_event_stream … --settings=entra.settings`."""

import secrets
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from entra.events.services import add_stream


class Command(BaseCommand):
    help = (
        "Add a receiver of security events, or change its address and secret. It hears of the accounts of every tenant."
        " The secret is read from EVENT_STREAM_SECRET; without one a new one is made and shown once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("client_id", type=UUID, help="the receiver's client id: the events' audience")
        parser.add_argument("--push-to", default="", metavar="URL", help="where events are pushed to (RFC 8935)")

    def handle(self, *args: Any, **options: Any) -> None:
        endpoint = options["push_to"]
        if endpoint and urlsplit(endpoint).scheme not in {"http", "https"}:
            raise CommandError(f"{endpoint} is not a web address.")
        given = settings.EVENT_STREAM_SECRET
        secret = given or secrets.token_urlsafe(32)
        add_stream(audience=options["client_id"], endpoint=endpoint, secret=secret, actor="command line")
        self.stdout.write(f"{options['client_id']} hears of security events.")
        if not given:
            self.stdout.write(f"Its secret, shown only now: {secret}")
