"""The status report in all its states, for a look at every page."""

from django.test import Client

from accounts.models import PartnerTenant
from tests.portal.security.factory import account, documented_api_use, documented_portal_use, snapshot

STATUS = "/dashboard/account/security-requirements"


def see_status(client: Client, tenant: PartnerTenant) -> None:
    """With figures, with a directory that was not read, and where it is not offered (M9, Q6)."""
    documented_portal_use(tenant)
    documented_api_use(tenant)
    for days_ago in (1, 2, 4):
        snapshot(tenant, days_ago=days_ago)
    account(tenant, "Ann", enforced_by="", obstacle="conditional")
    for page in ("", "/accounts", "/portal-requests", "/api-requests"):
        client.get(f"{STATUS}{page}")
    snapshot(tenant, enabled_accounts=None, enforced_accounts=None, problem="Authorization_RequestDenied")
    client.get(STATUS)
    PartnerTenant.objects.filter(pk=tenant.pk).update(cloud="usgov")
    client.get(STATUS)
    PartnerTenant.objects.filter(pk=tenant.pk).update(cloud=tenant.cloud)
