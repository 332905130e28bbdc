"""Take back what people of a tenant let an application do."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from entra.apps.services import find_application
from entra.directory.models import User
from entra.directory.services import find_tenant
from entra.oauth.revocation import revoke_application, revoke_consent


class Command(BaseCommand):
    help = "Revoke an application's consents in a tenant: of one person, or everything with its own permissions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client_id")
        parser.add_argument("--tenant", required=True, help="Tenant id, or one of its domains.")
        parser.add_argument("--user", help="Sign-in name; without it, everything of the tenant is revoked.")

    def handle(self, *args: Any, **options: Any) -> None:
        application, tenant = find_application(options["client_id"]), find_tenant(options["tenant"])
        if application is None or tenant is None:
            raise CommandError(f"no {'application' if application is None else 'tenant'} of this name")
        if not options["user"]:
            revoke_application(application=application, tenant=tenant, actor="command line")
            self.stdout.write(f"{application.name} may do nothing in {tenant.display_name} any more")
            return
        people = User.objects.select_related("tenant").filter(tenant=tenant)
        account = people.filter(user_principal_name__iexact=options["user"]).first()
        if account is None:
            raise CommandError(f"{tenant.display_name} has nobody named {options['user']}")
        revoke_consent(application=application, account=account, actor="command line")
        self.stdout.write(f"{application.name} may do nothing for {account.user_principal_name} any more")
