"""Let an application act by itself in a tenant, or stop it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entra.apps.administration import app_roles, grant_app_roles, revoke_app_roles
from entra.apps.resources import GRAPH_ID, find_resource
from entra.apps.services import find_application
from entra.directory.services import find_tenant


class Command(BaseCommand):
    help = "Grant application permissions of an API in a tenant, as its administrator; or revoke them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client_id")
        parser.add_argument("permissions", nargs="+")
        parser.add_argument("--tenant", required=True, help="Tenant id, or one of its domains.")
        parser.add_argument(
            "--resource", default=GRAPH_ID, help="The API's id or address; the directory's if none is given."
        )
        parser.add_argument("--revoke", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        application, tenant = find_application(options["client_id"]), find_tenant(options["tenant"])
        if application is None or tenant is None:
            raise CommandError(f"no {'application' if application is None else 'tenant'} of this name")
        resource = find_resource(options["resource"])
        if resource is None:
            raise CommandError(f"no API has the id or address {options['resource']}")
        if unknown := sorted(set(options["permissions"]) - resource.application):
            known = ", ".join(sorted(resource.application))
            raise CommandError(f"{', '.join(unknown)}: no application permission of this API, which has {known}")
        change = revoke_app_roles if options["revoke"] else grant_app_roles
        about: Any = {"application": application, "tenant": tenant, "resource": resource}
        try:
            change(**about, permissions=options["permissions"], actor="command line")
        except ValueError as error:
            raise CommandError(f"{application.name} cannot act by itself in {tenant.display_name}") from error
        self.stdout.write(" ".join(app_roles(**about)) or "no permissions")
