"""The one API that a token request is for, and the permissions that its token will carry (S4).

A grant may be good for several APIs; each access token has one of them as its audience.
"""

from dataclasses import dataclass, replace

from django.http import QueryDict

from entra.apps.consents import consented_permissions, usual_permissions
from entra.apps.resources import Resource, graph
from entra.apps.scopes import DEFAULT, Scope, of_resource, parse
from entra.oauth.claims_parameter import read_claims
from entra.oauth.demands import capabilities, check_demands
from entra.oauth.errors import OAuthError
from entra.oauth.models import Grant
from entra.oauth.scope_parameters import need_resource, read_scopes


@dataclass(frozen=True)
class Target:
    """`scope` is how the answer names what was given: scopes of v2.0 in the words of the request."""

    resource: Resource
    openid: tuple[str, ...]
    permissions: tuple[str, ...]
    scope: str
    acrs: tuple[str, ...] = ()
    """Authentication contexts that the request asked for, and the sign-in meets."""
    capabilities: tuple[str, ...] = ()
    """What the client says it understands (`xms_cc`)."""


def target_of(given: QueryDict, grant: Grant, version: str) -> Target:
    """What a code, refresh token or device code is exchanged for. Raises OAuthError.

    An application asks for little at sign-in, and for a permission when it needs it: what it was given consent for
    since, and before, counts, whatever the sign-in itself asked for.
    """
    if version == "2.0" and "resource" in given:
        raise OAuthError("invalid_request", 901002, "resource")
    claims = read_claims(given)
    acrs = check_demands(claims, grant)
    texts = given.get("scope", "").split()
    named = given.get("resource") or ("" if texts else grant.resource)
    if named:
        found = _of_resource(need_resource(named), grant)
    else:
        found = _of_scopes(read_scopes(texts), texts, grant) if texts else _as_asked(grant)
    return replace(found, acrs=acrs, capabilities=capabilities(claims))


def _of_resource(resource: Resource, grant: Grant) -> Target:
    """The v1.0 way: an API by its name, and all that may be used there."""
    permissions = usual_permissions(application=grant.application, account=grant.account, resource=resource)
    asked = [name for name in of_resource(resource, grant.scope) if name not in permissions]
    usable = _consented(grant, resource)
    names = tuple(name for name in (*permissions, *asked) if name in usable)
    if not names and resource.app_id != graph().app_id:
        raise OAuthError("invalid_grant", 65001)
    return Target(resource, _openid_of(grant), names, " ".join(names))


def _of_scopes(scopes: list[Scope], texts: list[str], grant: Grant) -> Target:
    openid = tuple(scope.permission for scope in scopes if scope.openid)
    if further := [name for name in openid if name not in grant.scope]:
        raise OAuthError("invalid_scope", 70011, " ".join(further))
    permissions = [scope for scope in scopes if not scope.openid]
    if len({scope.resource.app_id for scope in permissions}) > 1:
        raise OAuthError("invalid_request", 28000, " ".join(texts)[:100])
    resource = permissions[0].resource if permissions else graph()
    if not any(scope.permission == DEFAULT for scope in permissions):
        names = tuple(scope.permission for scope in permissions)
        if not _consented(grant, resource).issuperset(names):
            raise OAuthError("invalid_grant", 65001)
        return Target(resource, openid, names, " ".join(texts))
    if len(permissions) > 1:
        raise OAuthError("invalid_scope", 70011, " ".join(texts)[:100])
    whole = _of_resource(resource, grant)
    told = [*texts, *(Scope(resource, name).text for name in whole.permissions)]
    return Target(resource, openid, whole.permissions, " ".join(told))


def _as_asked(grant: Grant) -> Target:
    """Without a word in the request: the first API that the sign-in asked for."""
    asked = [scope for scope in map(parse, grant.scope) if not scope.openid]
    resource = asked[0].resource if asked else graph()
    names = tuple(of_resource(resource, grant.scope))
    if not _consented(grant, resource).issuperset(names):
        raise OAuthError("invalid_grant", 65001)
    here = [text for text in grant.scope if text in _openid_of(grant) or parse(text).resource.app_id == resource.app_id]
    return Target(resource, _openid_of(grant), names, " ".join(here))


def _openid_of(grant: Grant) -> tuple[str, ...]:
    return tuple(text for text in grant.scope if parse(text).openid)


def _consented(grant: Grant, resource: Resource) -> frozenset[str]:
    return consented_permissions(application=grant.application, account=grant.account, resource=resource)
