"""A tenant with people and a confidential application in the provider's database."""

from uuid import UUID

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402 - after setup
from django.core.management import call_command  # noqa: E402

from benchmarks.peers.cast import CLIENT_ID, CLIENT_SECRET, PASSWORD, PEOPLE, REDIRECT_URI, TENANT_ID, person  # noqa: E402
from entra.apps.administration import grant_app_roles  # noqa: E402
from entra.apps.permissions import GraphPermission  # noqa: E402
from entra.apps.services import register_application  # noqa: E402
from entra.directory.models import Tenant, User  # noqa: E402
from entra.keys.services import published_keys  # noqa: E402


def main() -> None:
    call_command("migrate", verbosity=0)
    tenant = Tenant.objects.create(id=UUID(TENANT_ID), display_name="Fabrikam")
    tenant.domains.create(name="fabrikam.example", is_default=True)
    password = make_password(PASSWORD)
    User.objects.bulk_create(
        User(tenant=tenant, user_principal_name=person(n), display_name=f"Person {n}", password=password)
        for n in range(PEOPLE)
    )
    application = register_application(
        client_id=CLIENT_ID,
        tenant=tenant,
        name="Back office",
        redirect_uris=[REDIRECT_URI],
        secret=CLIENT_SECRET,
        preauthorized=True,
    )
    roles = [GraphPermission.USER_READ_ALL, GraphPermission.GROUP_READ_ALL]
    grant_app_roles(application=application, tenant=tenant, permissions=roles, actor="benchmark")
    published_keys()


if __name__ == "__main__":
    main()
