"""Scopes by their full names: which API's permission each one is. A bare name is the directory's."""

from collections.abc import Iterable
from dataclasses import dataclass

from entra.apps.resources import Resource, find_resource, graph

OPENID_SCOPES = ("openid", "profile", "email", "address", "phone", "offline_access")
DEFAULT = ".default"


class UnknownScope(Exception):
    """No API has this permission. `resource_unknown`: there is no such API at all."""

    def __init__(self, text: str, *, resource_unknown: bool) -> None:
        super().__init__(f"{text[:100]} is no permission known here.")
        self.text = text[:100]
        self.resource_unknown = resource_unknown


@dataclass(frozen=True)
class Scope:
    """`permission` is an OpenID Connect scope, the name of a permission, or `.default`."""

    resource: Resource
    permission: str

    @property
    def openid(self) -> bool:
        return self.permission in OPENID_SCOPES

    @property
    def text(self) -> str:
        """The one spelling that is kept and compared."""
        bare = self.resource.app_id == graph().app_id and self.permission != DEFAULT
        return self.permission if bare else f"{self.resource.identifiers[0]}/{self.permission}"


def parse(text: str) -> Scope:
    """Read one scope of a request. Raises UnknownScope."""
    if text in OPENID_SCOPES:
        return Scope(graph(), text)
    named, _slash, permission = text.rpartition("/")
    resource = find_resource(named) if named else graph()
    if resource is None:
        raise UnknownScope(text, resource_unknown=True)
    if permission not in resource.delegated and not (named and permission == DEFAULT):
        raise UnknownScope(text, resource_unknown=False)
    return Scope(resource, permission)


def of_resource(resource: Resource, scopes: Iterable[str]) -> list[str]:
    """The permissions among kept `scopes` that are this API's, without the OpenID Connect ones."""
    found = [parse(text) for text in scopes]
    return [one.permission for one in found if one.resource.app_id == resource.app_id and not one.openid]
