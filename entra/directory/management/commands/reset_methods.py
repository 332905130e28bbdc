"""Take away all verification methods of somebody who has lost them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entra.directory.methods.inventory import reset_methods
from entra.directory.models import User


class Command(BaseCommand):
    help = "Remove every verification method of an account, so that its owner registers anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sign_in_name")

    def handle(self, *args: Any, **options: Any) -> None:
        account = User.objects.filter(user_principal_name=options["sign_in_name"].lower(), home_account=None).first()
        if account is None:
            raise CommandError(f"no account {options['sign_in_name']}")
        self.stdout.write(f"{reset_methods(account=account, actor='command line')} methods removed")
