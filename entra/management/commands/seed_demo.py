"""Fill an empty provider with the demo world of demo/world.json. Running it again changes nothing."""

import json
import os
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from entra.apps.administration import ever_granted, grant_app_roles
from entra.apps.permissions import GraphPermission
from entra.apps.services import register_application
from entra.directory.methods.seeding import load_methods
from entra.directory.models import Tenant
from entra.directory.seeding import load_directory
from entra.events.services import add_stream
from entra.federation.administration import Provider
from entra.federation.seeding import load_federation
from entra.policy.seeding import load_policies
from secretstore.certificates import generated_certificate
from secretstore.local import generated

WORLD = settings.BASE_DIR / "demo" / "world.json"


class Command(BaseCommand):
    help = "Create the demo tenants, users, groups, policies and applications that do not exist yet."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo mode is off (DEMO=0). The demo world has known passwords and is not loaded.")
        world = json.loads(WORLD.read_text())
        users = load_directory(world)
        load_methods(world)
        load_policies(world, _control)
        load_federation(world, _provider)
        tenants = Tenant.objects.filter(pk__in=[row["id"] for row in world["tenants"]])
        for row in world["applications"]:
            _register(row, tenants)
            if "eventEndpoint" in row:
                _add_stream(row)
        self.stdout.write(f"Demo world: {users} users created.")


def _certificate(name: str) -> str:
    """The third party's certificate, from its own folder; whoever starts first makes the key."""
    return generated_certificate(settings.VAR_DIR / name, "signing").certificate_pem


def _control(name: str) -> tuple[str, str, str]:
    return f"{settings.WINGTIP_URL}/control", settings.WINGTIP_URL, _certificate(name)


def _provider(name: str) -> Provider:
    url = settings.WINGTIP_URL
    return Provider(
        issuer_uri=f"{url}/saml/metadata",
        sign_in_uri=f"{url}/saml/sso",
        certificate=_certificate(name),
        sign_out_uri=f"{url}/sign-out",
    )


def _register(row: dict[str, Any], tenants: Iterable[Tenant]) -> None:
    """Addresses follow the site. A secret given in the environment goes before the generated one, as for the client.

    Application permissions that came with a later version of the demo world are granted too.
    """
    given = os.environ.get(row["secretVariable"], "") if "secretVariable" in row else ""
    application = register_application(
        client_id=row["clientId"],
        tenant=Tenant.objects.get(pk=row["tenant"]),
        name=row["name"],
        redirect_uris=[_placed(uri) for uri in row["redirectUris"]],
        post_logout_redirect_uris=[_placed(uri) for uri in row["postLogoutRedirectUris"]],
        backchannel_logout_uri=_placed(row["backchannelLogoutUri"]),
        secret=given or (generated(settings.SECRETS_DIR, row["secret"]) if "secret" in row else ""),
        public=row.get("public", False),
        permissions=row.get("permissions", []),
        multi_tenant=row["multiTenant"],
        preauthorized=row["preauthorized"],
        require_pkce=row["requirePkce"],
    )
    permissions = {GraphPermission(name) for name in row.get("appRoles", [])}
    for tenant in tenants:
        # What was granted once and taken away since stays away.
        if missing := permissions - ever_granted(application=application, tenant=tenant):
            grant_app_roles(application=application, tenant=tenant, permissions=missing, actor="seed_demo")


def _add_stream(row: dict[str, Any]) -> None:
    """The portal hears of changed accounts; both services find the stream's secret in the same folder."""
    secret = settings.EVENT_STREAM_SECRET or generated(settings.SECRETS_DIR, "event-stream-secret")
    add_stream(audience=UUID(row["clientId"]), endpoint=_placed(row["eventEndpoint"]), secret=secret, actor="seed_demo")


def _placed(uri: str) -> str:
    return uri.replace("{PORTAL_URL}", settings.PORTAL_URL)
