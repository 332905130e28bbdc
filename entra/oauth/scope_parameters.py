"""`scope` and `resource` of a request: which API's permissions they name, or an error that says what is unknown."""

from collections.abc import Iterable

from django.http import QueryDict

from entra.apps.models import Application
from entra.apps.resources import Resource, find_resource, graph
from entra.apps.scopes import DEFAULT, Scope, UnknownScope, of_resource, parse
from entra.oauth.errors import OAuthError

_V1_SCOPE = ("openid", "profile", "email")
LONGEST_RESOURCE = 200


def requested_scope(given: QueryDict, application: Application, version: str) -> tuple[str, ...]:
    """What an authorize or device request asks for, by full names, in order, once each. Raises OAuthError.

    A v1.0 request names an API instead, or none, and stands for the permissions that the registration lists for it,
    or for all of them.
    """
    texts = tuple(dict.fromkeys(given.get("scope", "").split()))
    if version == "1.0":
        texts = (*(texts or _V1_SCOPE), *_registered_for_v1(given, application))
    elif not texts:
        raise OAuthError("invalid_request", 900144, "scope")
    scopes = read_scopes(texts)
    _refuse_mixed_default(scopes)
    names = [name for scope in scopes for name in _expanded(scope, application)]
    return tuple(dict.fromkeys(names))


def requested_resource(given: QueryDict) -> str:
    """The API that a v1.0 request names, as it is named there; "" for none. Raises OAuthError."""
    name = given.get("resource", "")
    if name:
        need_resource(name)
    return name


def need_resource(name: str) -> Resource:
    """The API of this name. Raises OAuthError."""
    resource = find_resource(name) if len(name) <= LONGEST_RESOURCE else None
    if resource is None:
        raise OAuthError("invalid_resource", 500011, name[:100])
    return resource


def read_scopes(texts: Iterable[str]) -> list[Scope]:
    """Each scope with its API. Raises OAuthError."""
    return [_read(text) for text in texts]


def _read(text: str) -> Scope:
    try:
        return parse(text)
    except UnknownScope as unknown:
        if unknown.resource_unknown:
            raise OAuthError("invalid_resource", 500011, unknown.text) from unknown
        raise OAuthError("invalid_scope", 70011, unknown.text) from unknown


def _registered_for_v1(given: QueryDict, application: Application) -> list[str]:
    name = given.get("resource")
    resource = need_resource(name) if name else None
    if resource is None:
        named: list[str] = list(application.permissions)
    else:
        named = _listed(resource, application)
    # A v1.0 sign-in is always good for later: refresh tokens are not asked for by name there.
    return [*named, "offline_access"] if named else []


def _expanded(scope: Scope, application: Application) -> list[str]:
    """`.default` stands for what the registration lists."""
    return _listed(scope.resource, application) if scope.permission == DEFAULT else [scope.text]


def _listed(resource: Resource, application: Application) -> list[str]:
    names = [Scope(resource, name).text for name in of_resource(resource, application.permissions)]
    if not names and resource.app_id != graph().app_id:
        raise OAuthError("invalid_resource", 650057, str(resource.identifiers[0]))
    return names


def _refuse_mixed_default(scopes: list[Scope]) -> None:
    """Everything, and one thing more, is a contradiction; it is said rather than guessed at."""
    defaults = {scope.resource.app_id for scope in scopes if scope.permission == DEFAULT}
    if any(scope.resource.app_id in defaults and scope.permission != DEFAULT and not scope.openid for scope in scopes):
        raise OAuthError("invalid_scope", 70011, "/.default goes with no other permission of the same API")
