"""What the tests want of an application on somebody else's client library, whichever that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Refused(Exception):
    """The library refused the provider's answer, or the provider answered with an error."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description


@dataclass(frozen=True)
class Registration:
    """How the application is registered at the provider."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True)
class SignedIn:
    """What the library says after all its checks."""

    claims: Mapping[str, Any]
    userinfo: Mapping[str, Any]
    refresh_token: str


class RelyingParty(Protocol):
    registration: Registration

    def begin(self, **parameters: str) -> str:
        """The address to send the browser to."""

    def finish(self, url: str) -> SignedIn:
        """Take the browser's answer. Raises Refused."""

    def refresh(self, refresh_token: str) -> Mapping[str, Any]:
        """Claims of the new ID token."""
