"""The client_credentials grant (RFC 6749 section 4.4): an application acts as itself.

It gets what an administrator of the tenant granted it, all of it: v2.0 names the API as `scope={API}/.default`, v1.0
as `resource={API}`.
"""

from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from entra.apps.administration import app_roles_in
from entra.apps.resources import Resource, find_resource
from entra.apps.scopes import DEFAULT
from entra.directory.services import find_tenant
from entra.oauth.access_tokens import application_token
from entra.oauth.client_authentication import NOWHERE, Caller, Itself
from entra.oauth.errors import OAuthError
from entra.oauth.names import COMMON
from entra.oauth.scope_parameters import LONGEST_RESOURCE, need_resource
from entra.oauth.token_answer import lasting, needed


def by_client_credentials(given: QueryDict, caller: Caller, segment: str, version: str) -> dict[str, Any]:
    """The answer of the token endpoint. Raises OAuthError."""
    application = caller.application
    if application.public:
        raise OAuthError("unauthorized_client", 7000218)
    resource = need_resource(needed(given, "resource")) if version == "1.0" else _resource_of(needed(given, "scope"))
    tenant_id = _tenant_id(segment)
    usable = application.multi_tenant or application.tenant_id == tenant_id
    roles = caller.roles.get(Itself(tenant_id, resource.app_id))
    if roles is None:
        roles = app_roles_in(application=application, tenant_id=tenant_id, resource=resource)
    if not (roles and usable):
        raise _refused(segment, usable, resource)
    token = application_token(
        application=application, tenant_id=tenant_id, resource=resource, roles=roles, proof=caller.proof
    )
    answer = {"token_type": "Bearer", **lasting(int(timezone.now().timestamp()), version), "access_token": token}
    return answer if version == "2.0" else {**answer, "resource": given["resource"]}


def itself(given: QueryDict, segment: str, version: str) -> Itself:
    """As what the request asks for a token, if it does and can be understood so far. Raises nothing."""
    if given.get("grant_type") != "client_credentials":
        return NOWHERE
    name = given.get("resource", "") if version == "1.0" else given.get("scope", "").rpartition("/")[0]
    resource = find_resource(name[:LONGEST_RESOURCE])
    try:
        return Itself(UUID(segment), resource.app_id) if resource else NOWHERE
    except ValueError:
        return NOWHERE


def _resource_of(scope: str) -> Resource:
    name, _slash, permission = scope.rpartition("/")
    if permission != DEFAULT or " " in scope:
        raise OAuthError("invalid_scope", 70011, scope[:100])
    return need_resource(name)


def _tenant_id(segment: str) -> UUID:
    """An application is nobody's at `common`: it has to say in which tenant it acts.

    An id is not looked up: where there is no tenant nothing was granted.
    """
    try:
        return UUID(segment)
    except ValueError:
        tenant = None if segment in COMMON else find_tenant(segment)
    if tenant is None:
        raise OAuthError("invalid_request", 90002)
    return tenant.pk


def _refused(segment: str, usable: bool, resource: Resource) -> OAuthError:
    if find_tenant(segment) is None:
        return OAuthError("invalid_request", 90002)
    if not usable:
        return OAuthError("unauthorized_client", 700016)
    return OAuthError("invalid_grant", 501051, str(resource.identifiers[0]))
