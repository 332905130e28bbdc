"""npm openid-client, unmodified, in a process of its own."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.interop.processes import Conversation, program
from tests.interop.relying_parties import Refused, Registration, SignedIn


class OpenidClient:
    """npm openid-client, in a process of its own."""

    def __init__(self, registration: Registration, conversation: Conversation) -> None:
        self.registration = registration
        self._conversation = conversation

    def begin(self, **parameters: str) -> str:
        return str(self._ask("begin", parameters=parameters)["url"])

    def finish(self, url: str) -> SignedIn:
        answer = self._ask("finish", url=url)
        return SignedIn(answer["claims"], answer["userinfo"], answer["refreshToken"])

    def refresh(self, refresh_token: str) -> Mapping[str, Any]:
        claims: Mapping[str, Any] = self._ask("refresh", refreshToken=refresh_token)["claims"]
        return claims

    def _ask(self, verb: str, **request: Any) -> dict[str, Any]:
        answer = self._conversation.ask(verb, **request)
        if failure := answer.get("failure"):
            raise Refused(failure["error"], failure["description"])
        return answer


@contextmanager
def openid_client(registration: Registration, env: Mapping[str, str]) -> Iterator[OpenidClient]:
    settings = {
        "issuer": registration.issuer,
        "clientId": registration.client_id,
        "clientSecret": registration.client_secret,
        "redirectUri": registration.redirect_uri,
    }
    environment = {**env, "RELYING_PARTY": json.dumps(settings)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with program("openid_client.mjs", environment, **pipes) as process:
        yield OpenidClient(registration, Conversation(process))
