"""The client_credentials grant (RFC 6749 section 4.4): an application acts as itself.

It gets what an administrator of the tenant granted it, all of it: v2.0 names the API as `scope={API}/.default`, v1.0
as `resource={API}`.
"""

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from entra.apps.administration import app_roles
from entra.apps.resources import Resource
from entra.apps.scopes import DEFAULT
from entra.directory.models import Tenant
from entra.directory.services import find_tenant
from entra.oauth.access_tokens import application_token
from entra.oauth.client_authentication import Caller
from entra.oauth.errors import OAuthError
from entra.oauth.names import COMMON
from entra.oauth.scope_parameters import need_resource
from entra.oauth.token_answer import lasting, needed


def by_client_credentials(given: QueryDict, caller: Caller, segment: str, version: str) -> dict[str, Any]:
    """The answer of the token endpoint. Raises OAuthError."""
    application = caller.application
    if application.public:
        raise OAuthError("unauthorized_client", 7000218)
    resource = need_resource(needed(given, "resource")) if version == "1.0" else _resource_of(needed(given, "scope"))
    tenant = _tenant(segment)
    if not application.multi_tenant and application.tenant_id != tenant.pk:
        raise OAuthError("unauthorized_client", 700016)
    roles = app_roles(application=application, tenant=tenant, resource=resource)
    if not roles:
        raise OAuthError("invalid_grant", 501051, str(resource.identifiers[0]))
    token = application_token(
        application=application, tenant=tenant, resource=resource, roles=roles, proof=caller.proof
    )
    answer = {"token_type": "Bearer", **lasting(int(timezone.now().timestamp()), version), "access_token": token}
    return answer if version == "2.0" else {**answer, "resource": given["resource"]}


def _resource_of(scope: str) -> Resource:
    name, _slash, permission = scope.rpartition("/")
    if permission != DEFAULT or " " in scope:
        raise OAuthError("invalid_scope", 70011, scope[:100])
    return need_resource(name)


def _tenant(segment: str) -> Tenant:
    """An application is nobody's at `common`: it has to say in which tenant it acts."""
    tenant = None if segment in COMMON else find_tenant(segment)
    if tenant is None:
        raise OAuthError("invalid_request", 90002)
    return tenant
