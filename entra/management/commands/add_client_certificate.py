"""Let a certificate's key speak for an application."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entra.apps.credentials import CredentialRefused, add_certificate
from entra.apps.services import find_application


class Command(BaseCommand):
    help = "Add a certificate (PEM) to an application, and print its SHA-256 thumbprint. The key stays where it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client_id")
        parser.add_argument("file", type=Path)
        parser.add_argument("--description", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        application = find_application(options["client_id"])
        if application is None:
            raise CommandError("No application has this client id.")
        try:
            pem = options["file"].read_text()
            added = add_certificate(
                application=application, pem=pem, description=options["description"], actor="command line"
            )
        except (CredentialRefused, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(added.sha256)
