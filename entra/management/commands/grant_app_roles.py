"""Let an application act by itself in a tenant, or stop it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entra.apps.administration import app_roles, grant_app_roles, revoke_app_roles
from entra.apps.permissions import APPLICATION_PERMISSIONS, GraphPermission
from entra.apps.services import find_application
from entra.directory.services import find_tenant


class Command(BaseCommand):
    help = "Grant application permissions of the directory API in a tenant, as its administrator; or revoke them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client_id")
        parser.add_argument("permissions", nargs="+", choices=sorted(APPLICATION_PERMISSIONS), metavar="permission")
        parser.add_argument("--tenant", required=True, help="Tenant id, or one of its domains.")
        parser.add_argument("--revoke", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        application, tenant = find_application(options["client_id"]), find_tenant(options["tenant"])
        if application is None or tenant is None:
            raise CommandError(f"no {'application' if application is None else 'tenant'} of this name")
        change = revoke_app_roles if options["revoke"] else grant_app_roles
        permissions = [GraphPermission(name) for name in options["permissions"]]
        try:
            change(application=application, tenant=tenant, permissions=permissions, actor="command line")
        except ValueError as error:
            raise CommandError(f"{application.name} cannot act by itself in {tenant.display_name}") from error
        self.stdout.write(" ".join(app_roles(application=application, tenant=tenant)) or "no permissions")
