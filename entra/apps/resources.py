"""The APIs that tokens are issued for. Each token has exactly one of them as its audience (S4)."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from entra.apps.permissions import (
    APPLICATION_PERMISSIONS,
    PARTNER_CENTER_APPLICATION_PERMISSIONS,
    PARTNER_CENTER_PERMISSIONS,
    GraphPermission,
)

GRAPH_ID = "00000003-0000-0000-c000-000000000000"
PARTNER_CENTER_ID = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"


@dataclass(frozen=True)
class Resource:
    """One API. `identifiers` are its names in requests, besides its id; the first one is used in answers."""

    app_id: str
    identifiers: tuple[str, ...]
    audience: str
    delegated: frozenset[str]
    """Permissions of an application that acts for a signed-in user (`scp`)."""
    application: frozenset[str]
    """Permissions of an application that acts as itself (`roles`)."""
    v1_tokens: bool
    """Its tokens are of version 1.0 whichever endpoint issues them: the resource decides, as in Entra."""
    server: str = ""
    """The application id of the service behind it, which may introspect its tokens; empty: this provider itself."""


def graph() -> Resource:
    return _graph(settings.ENTRA_URL)


def partner_center() -> Resource:
    return _partner_center(settings.PARTNER_CENTER_RESOURCE, settings.PARTNER_CENTER_SERVER)


@lru_cache(maxsize=2)
def _graph(provider: str) -> Resource:
    return Resource(
        app_id=GRAPH_ID,
        identifiers=("https://graph.microsoft.com", f"{provider}/graph"),
        audience=GRAPH_ID,
        delegated=frozenset(GraphPermission),
        application=frozenset(APPLICATION_PERMISSIONS),
        v1_tokens=False,
    )


@lru_cache(maxsize=2)
def _partner_center(name: str, server: str) -> Resource:
    return Resource(
        app_id=PARTNER_CENTER_ID,
        identifiers=(name,),
        audience=name,
        delegated=PARTNER_CENTER_PERMISSIONS,
        application=PARTNER_CENTER_APPLICATION_PERMISSIONS,
        v1_tokens=True,
        server=server,
    )


def resources() -> tuple[Resource, ...]:
    return (graph(), partner_center())


def find_resource(name: str) -> Resource | None:
    """The API of this id or identifier, with or without a slash at the end."""
    wanted = name.rstrip("/")
    for resource in resources():
        if wanted in resource.identifiers or wanted.lower() == resource.app_id:
            return resource
    return None
