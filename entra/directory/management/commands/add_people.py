"""Fill a demo tenant with people: `manage.py add_people 500 --tenant contoso.example --settings=entra.settings`."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from entra.directory.crowd import MOST, add_people
from entra.directory.models import Tenant


class Command(BaseCommand):
    help = "Add many members with the demo's password to a tenant, for long lists and bulk changes (demo only)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int, help=f"1 to {MOST}")
        parser.add_argument("--tenant", required=True, help="One of its domains.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo mode is off (DEMO=0). People with a known password are not added.")
        if not 1 <= options["count"] <= MOST:
            raise CommandError(f"The number of people has to be between 1 and {MOST}.")
        tenant = Tenant.objects.filter(domains__name=options["tenant"].lower()).first()
        if tenant is None:
            raise CommandError(f"no tenant {options['tenant']}")
        password = json.loads((settings.BASE_DIR / "demo" / "world.json").read_text())["password"]
        names = add_people(tenant=tenant, count=options["count"], password=password, actor="add_people")
        self.stdout.write(f"{len(names)} people added to {tenant}: {names[0]} to {names[-1]}")
