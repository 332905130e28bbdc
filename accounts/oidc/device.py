"""Signing in somebody whose browser is elsewhere: the device authorization grant (RFC 8628). Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import sleep
from typing import Any
from uuid import UUID

import requests
from django.conf import settings

from accounts.oidc import provider

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_INTERVAL, _SLOWER_BY, _LONGEST_INTERVAL = 5, 5, 60  # seconds, sections 3.2 and 3.5
_MOST_FAILURES = 3


class NoDeviceSignIn(Exception):
    """The provider announces no device authorization endpoint."""


class Refused(Exception):
    """The provider refuses the sign-in. `description` is its own sentence, without the lines for its support."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.error = str(answer["error"])
        self.description = next(iter(str(answer.get("error_description", "")).splitlines()), "")
        super().__init__(self.error)


class RequestRefused(Refused):
    """It refuses the application's request, before anybody could sign in."""


@dataclass(frozen=True, slots=True)
class Started:
    """What the person has to be told. `interval` and `expires_in` are seconds."""

    address: str
    user_code: str
    interval: int
    expires_in: int
    client_id: str
    token_endpoint: str
    device_code: str = field(repr=False)


def start(*, client_id: str, scope: str, tenant: UUID | None, demands: Mapping[str, str]) -> Started:
    """Ask for a code. `demands` are the parameters that say how the person has to sign in.

    Raises RequestRefused, NoDeviceSignIn, ProviderUnavailable.
    """
    about = provider.metadata(tenant)
    endpoint = about.endpoint("device_authorization_endpoint")
    if not endpoint:
        raise NoDeviceSignIn
    try:
        told = _posted(endpoint, {"client_id": client_id, "scope": scope, **demands})
    except Refused as refused:
        raise RequestRefused({"error": refused.error, "error_description": refused.description}) from refused
    try:
        return Started(
            address=told["verification_uri"],
            user_code=told["user_code"],
            interval=int(told.get("interval", _INTERVAL)),
            expires_in=int(told["expires_in"]),
            client_id=client_id,
            token_endpoint=about.endpoint("token_endpoint"),
            device_code=told["device_code"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise provider.ProviderUnavailable("the answer to the request for a code lacks a part") from error


def access_token(started: Started) -> str:
    """Wait until the person has signed in, and return the access token. Raises Refused, ProviderUnavailable.

    A provider that does not answer is asked again, less often (section 3.5), a few times.
    """
    posted = {"grant_type": _GRANT, "device_code": started.device_code, "client_id": started.client_id}
    interval, waited, failures = started.interval, 0, 0
    while waited < started.expires_in:
        sleep(interval)
        waited += max(interval, 1)
        try:
            return _token_of(_posted(started.token_endpoint, posted))
        except Refused as refused:
            failures = 0
            if refused.error == "slow_down":
                interval += _SLOWER_BY
            elif refused.error != "authorization_pending":
                raise
        except provider.ProviderUnavailable:
            failures += 1
            if failures == _MOST_FAILURES:
                raise
            interval = min(interval * 2, _LONGEST_INTERVAL)
    raise Refused({"error": "expired_token"})


def _token_of(answer: Mapping[str, Any]) -> str:
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise provider.ProviderUnavailable("the answer holds no access token")
    return token


def _posted(endpoint: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The provider's answer. Raises Refused, ProviderUnavailable."""
    try:
        response = requests.post(endpoint, data=form, timeout=settings.OIDC_TIMEOUT, allow_redirects=False)
        answer = response.json()
    except (OSError, ValueError) as error:  # as in provider.fetch
        raise provider.ProviderUnavailable(str(error)) from error
    if not isinstance(answer, dict) or (not response.ok and "error" not in answer):
        raise provider.ProviderUnavailable(f"status {response.status_code}")
    if "error" in answer:
        raise Refused(answer)
    return answer
