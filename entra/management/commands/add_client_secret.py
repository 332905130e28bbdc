"""Make a further secret for an application. It is printed once and can be read nowhere afterwards."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entra.apps.credentials import CredentialRefused, add_secret
from entra.apps.services import find_application


class Command(BaseCommand):
    help = "Make a secret for an application and print it. Nobody can read it afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client_id")
        parser.add_argument("--description", default="")
        parser.add_argument("--days", type=int, default=180, help="How long it is valid; 180 if not given.")

    def handle(self, *args: Any, **options: Any) -> None:
        application = find_application(options["client_id"])
        if application is None:
            raise CommandError("No application has this client id.")
        lifetime = timedelta(days=options["days"])
        try:
            secret, expires_at = add_secret(
                application=application, description=options["description"], lifetime=lifetime, actor="command line"
            )
        except CredentialRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stderr.write(f"Valid until {expires_at:%Y-%m-%d}. It is not shown again:")
        self.stdout.write(secret)
