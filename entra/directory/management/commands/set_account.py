"""Disable or enable an account, or sign it out everywhere: `manage.py set_account … --settings=entra.settings`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entra.directory.administration import Refused
from entra.directory.administration.accounts import set_enabled, void_sessions
from entra.directory.management.commands.set_role import ACTOR, find_account


class Command(BaseCommand):
    help = "Disable an account, enable it again, or void all its sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sign_in_name")
        change = parser.add_mutually_exclusive_group(required=True)
        change.add_argument("--disable", action="store_true")
        change.add_argument("--enable", action="store_true")
        change.add_argument("--revoke-sessions", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        account = find_account(options["sign_in_name"])
        try:
            if options["revoke_sessions"]:
                void_sessions(account=account, actor=ACTOR)
            else:
                set_enabled(account=account, enabled=options["enable"], actor=ACTOR)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{account}: done")
