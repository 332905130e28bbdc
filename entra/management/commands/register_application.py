"""Register an application, or change a registration."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entra.apps.scopes import UnknownScope, parse
from entra.apps.services import find_application, register_application
from entra.directory.services import find_tenant


class Command(BaseCommand):
    help = "Register an application in a tenant and print its client id; with --client-id, change that registration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--tenant", required=True, help="Tenant id, or one of its domains.")
        parser.add_argument("--client-id", default="", help="A new id is made if none is given.")
        parser.add_argument("--redirect-uri", action="append", default=[])
        parser.add_argument("--public", action="store_true", help="A desktop, mobile or device application.")
        parser.add_argument("--multi-tenant", action="store_true")
        parser.add_argument("--no-pkce", action="store_true", help="For applications that predate PKCE.")
        parser.add_argument(
            "--permission",
            action="append",
            default=[],
            help="A delegated permission, such as https://api.partnercenter.microsoft.com/user_impersonation.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = find_tenant(options["tenant"])
        if tenant is None:
            raise CommandError(f"No tenant has the domain or id {options['tenant']}.")
        try:
            client_id = uuid.UUID(options["client_id"]) if options["client_id"] else uuid.uuid4()
            permissions = [parse(text).text for text in options["permission"]]
        except (ValueError, UnknownScope) as error:
            raise CommandError(str(error)) from error
        known = find_application(str(client_id))
        if known is not None and known.tenant_id != tenant.pk:
            raise CommandError(f"{client_id} is an application of another tenant.")
        application = register_application(
            client_id=client_id,
            tenant=tenant,
            name=options["name"],
            redirect_uris=options["redirect_uri"],
            public=options["public"],
            multi_tenant=options["multi_tenant"],
            require_pkce=not options["no_pkce"],
            permissions=permissions,
        )
        self.stdout.write(str(application.pk))
