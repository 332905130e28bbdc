"""Import hardware OATH tokens from their maker's seed file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entra.directory.methods.hardware import UnusableSeedFile, import_tokens, read_seed_file
from entra.directory.models import Tenant


class Command(BaseCommand):
    help = "Import hardware OATH tokens. Columns: upn,serial number,secret key,time interval,manufacturer,model"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tenant", required=True, help="Tenant id, or one of its domains.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as lines:
                made = import_tokens(
                    tenant=_tenant(options["tenant"]), lines=read_seed_file(lines), actor="command line"
                )
        except (UnusableSeedFile, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made} tokens imported")


def _tenant(name: str) -> Tenant:
    by_domain = Tenant.objects.filter(domains__name=name.lower()).first()
    if by_domain:
        return by_domain
    try:
        return Tenant.objects.get(pk=name)
    except (Tenant.DoesNotExist, ValueError) as error:
        raise CommandError(f"no tenant {name}") from error
