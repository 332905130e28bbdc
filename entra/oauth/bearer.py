"""Access tokens as they come back to this provider's own endpoints (RFC 6750 section 2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from entra.apps.administration import app_roles
from entra.apps.models import Application
from entra.apps.resources import Resource, graph
from entra.apps.services import find_application
from entra.directory.models import Tenant
from entra.directory.services import find_tenant
from entra.keys.issuer import issuer
from entra.keys.services import read_signed
from entra.oauth.errors import OAuthError
from entra.oauth.grants import check_still_valid
from entra.oauth.models import Grant


@dataclass(frozen=True)
class Presented:
    """A live access token: what it says, and the grant it was issued for."""

    claims: dict[str, Any]
    grant: Grant

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(str(self.claims.get("scp", "")).split())


@dataclass(frozen=True)
class PresentedApplication:
    """A live token of an application that acts as itself in `tenant`. `roles` are what it may do at this moment."""

    claims: dict[str, Any]
    application: Application
    tenant: Tenant
    roles: frozenset[str]


def token_in_header(request: HttpRequest) -> str | None:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" and token else None


def presented(token: str, *, to: Iterable[Resource] | None = None) -> Presented | PresentedApplication | None:
    """Whom a token speaks for, if it is signed by us, unexpired, and for one of the APIs `to`: the directory if unsaid.

    An ID token is none.
    """
    claims = read_signed(token)
    apis = {resource.audience: resource for resource in to or (graph(),)}
    resource = apis.get(str(claims.get("aud"))) if claims else None
    if claims is None or resource is None:
        return None
    return _application(claims, resource) if claims.get("idtyp") == "app" else _person(claims)


def presented_by_person(token: str, *, to: Iterable[Resource] | None = None) -> Presented | None:
    found = presented(token, to=to)
    return found if isinstance(found, Presented) else None


def _person(claims: dict[str, Any]) -> Presented | None:
    """The grant behind the token, while it still stands."""
    try:
        pk = UUID(str(claims.get("grant")))
    except ValueError:
        return None
    related = ("account__home_account", "account__tenant", "tenant", "application", "session")
    grant = Grant.objects.select_related(*related).filter(pk=pk, revoked_at=None, application__enabled=True).first()
    if grant is None or claims.get("iss") != issuer(grant.tenant_id, str(claims.get("ver"))):
        return None
    try:
        check_still_valid(grant)
    except OAuthError:
        return None
    return Presented(claims, grant)


def _application(claims: dict[str, Any], resource: Resource) -> PresentedApplication | None:
    """The application, while it is enabled and its tokens stand. A revoked permission is gone."""
    application, tenant = (
        find_application(str(claims.get("azp") or claims.get("appid"))),
        find_tenant(str(claims.get("tid"))),
    )
    if application is None or not application.enabled or tenant is None:
        return None
    if application.tokens_valid_from and claims["iat"] < application.tokens_valid_from.timestamp():
        return None
    granted = app_roles(application=application, tenant=tenant, resource=resource)
    return PresentedApplication(claims, application, tenant, frozenset(claims["roles"]).intersection(granted))
