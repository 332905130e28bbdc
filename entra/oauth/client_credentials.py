"""The client_credentials grant (RFC 6749 section 4.4): an application acts as itself, v2.0 only.

It gets what an administrator of the tenant granted it, all of it: `scope` is `{directory API}/.default`.
"""

from typing import Any

from django.conf import settings
from django.http import QueryDict

from entra.apps.administration import app_roles
from entra.directory.models import Tenant
from entra.directory.services import find_tenant
from entra.oauth.client_authentication import Caller
from entra.oauth.errors import OAuthError
from entra.oauth.names import COMMON, GRAPH_AUDIENCE
from entra.oauth.tokens import LIFETIME, application_token

_DEFAULT = "/.default"


def by_client_credentials(given: QueryDict, caller: Caller, segment: str) -> dict[str, Any]:
    """The answer of the token endpoint. Raises OAuthError."""
    application = caller.application
    if application.public:
        raise OAuthError("unauthorized_client", 7000218)
    _check_scope(given.get("scope", ""))
    tenant = _tenant(segment)
    if not application.multi_tenant and application.tenant_id != tenant.pk:
        raise OAuthError("unauthorized_client", 700016)
    roles = app_roles(application=application, tenant=tenant)
    if not roles:
        raise OAuthError("unauthorized_client", 65001)
    seconds = int(LIFETIME.total_seconds())
    return {
        "token_type": "Bearer",
        "expires_in": seconds,
        "ext_expires_in": seconds,
        "access_token": application_token(application, tenant, roles, caller.proof),
    }


def _check_scope(scope: str) -> None:
    if not scope:
        raise OAuthError("invalid_request", 900144, "scope")
    known = {GRAPH_AUDIENCE, "https://graph.microsoft.com", f"{settings.ENTRA_URL}/graph"}
    if scope.removesuffix(_DEFAULT) not in known or not scope.endswith(_DEFAULT):
        raise OAuthError("invalid_scope", 70011, scope[:100])


def _tenant(segment: str) -> Tenant:
    """An application is nobody's at `common`: it has to say in which tenant it acts."""
    tenant = None if segment in COMMON else find_tenant(segment)
    if tenant is None:
        raise OAuthError("invalid_request", 90002)
    return tenant
