"""Take a secret or a certificate away from an application."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entra.apps.credentials import remove_credential
from entra.apps.services import find_application


class Command(BaseCommand):
    help = "Remove an application's secrets with a hint, or its certificate with a thumbprint."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client_id")
        parser.add_argument("name", help="The first three characters of a secret, or a certificate's thumbprint.")

    def handle(self, *args: Any, **options: Any) -> None:
        application = find_application(options["client_id"])
        if application is None:
            raise CommandError("No application has this client id.")
        removed = remove_credential(application=application, name=options["name"], actor="command line")
        if not removed:
            raise CommandError(f"{application.name} has no credential of this name.")
        self.stdout.write(f"{removed} removed")
