"""Which tenant an address names, and whether an application may be used there."""

from entra.apps.models import Application
from entra.directory.models import Tenant
from entra.directory.services import find_tenant
from entra.oauth.errors import OAuthError
from entra.oauth.names import COMMON


def tenant_of(segment: str) -> Tenant | None:
    """The tenant of the first path segment; None where the account decides. Raises OAuthError."""
    if segment in COMMON:
        return None
    tenant = find_tenant(segment)
    if tenant is None:
        raise OAuthError("invalid_request", 90002, segment[:60])
    return tenant


def check_tenancy(application: Application, tenant: Tenant | None) -> None:
    """An application of one tenant is used there alone. Raises OAuthError."""
    if not application.multi_tenant and (tenant is None or tenant.pk != application.tenant_id):
        raise OAuthError("unauthorized_client", 50194 if tenant is None else 700016)
