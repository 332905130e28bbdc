"""Disable or enable an application, or void its tokens: `manage.py set_application … --settings=entra.settings`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entra.apps.services import find_application
from entra.oauth.revocation import revoke_tokens, set_application_enabled

ACTOR = "command line"


class Command(BaseCommand):
    help = "Disable an application, enable it again, or void every token it holds, as after a leak."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("client_id")
        change = parser.add_mutually_exclusive_group(required=True)
        change.add_argument("--disable", action="store_true")
        change.add_argument("--enable", action="store_true")
        change.add_argument("--revoke-tokens", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        application = find_application(options["client_id"])
        if application is None:
            raise CommandError("No application has this client id.")
        if options["revoke_tokens"]:
            revoke_tokens(application=application, actor=ACTOR)
        else:
            set_application_enabled(application=application, enabled=options["enable"], actor=ACTOR)
        self.stdout.write(f"{application}: done")
