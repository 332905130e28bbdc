"""Fill an empty provider with the demo world of demo/world.json. Running it again changes nothing."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from entra.directory.seeding import load_directory
from entra.policy.seeding import load_policies
from secretstore.certificates import generated_certificate

WORLD = settings.BASE_DIR / "demo" / "world.json"


class Command(BaseCommand):
    help = "Create the demo tenants, users, groups, policies and applications that do not exist yet."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo mode is off (DEMO=0). The demo world has known passwords and is not loaded.")
        world = json.loads(WORLD.read_text())
        users = load_directory(world)
        load_policies(world, _third_party)
        self.stdout.write(f"Demo world: {users} users created.")


def _third_party(name: str) -> tuple[str, str, str]:
    """Where the demo's third party approves sign-ins, the issuer of its answers, and its key from its own folder."""
    certificate = generated_certificate(settings.VAR_DIR / name, "signing").certificate_pem
    return f"{settings.WINGTIP_URL}/control", settings.WINGTIP_URL, certificate
