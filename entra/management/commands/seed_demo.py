"""Fill an empty provider with the demo world of demo/world.json. Running it again changes nothing."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from entra.directory.seeding import load_directory

WORLD = settings.BASE_DIR / "demo" / "world.json"


class Command(BaseCommand):
    help = "Create the demo tenants, users, groups, policies and applications that do not exist yet."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo mode is off (DEMO=0). The demo world has known passwords and is not loaded.")
        world = json.loads(WORLD.read_text())
        users = load_directory(world)
        self.stdout.write(f"Demo world: {users} users created.")
