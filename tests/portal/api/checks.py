"""Runs of the command-line check against the test's provider, which answers as it is told; nobody waits."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from accounts.oidc import device
from tests.portal.api.conftest import Api

PENDING = (400, {"error": "authorization_pending", "error_description": "AADSTS70016: Not yet."})


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Ran:
    """What a run of the command printed, and its exit code."""

    def __init__(self, *arguments: str, err: io.StringIO | None = None) -> None:
        out, err = io.StringIO(), err or io.StringIO()
        self.code = 0
        try:
            call_command("test_partner_security_requirement", *arguments, stdout=out, stderr=err)
        except SystemExit as ended:
            self.code = ended.code
        self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch, api: Api) -> list[float]:
    """How long the command waited before each time it asked. Nobody waits here."""
    api.provider.device = {
        "device_code": "the-device-code",
        "user_code": "BCDF-GHJK",
        "verification_uri": "http://localhost:8001/devicelogin",
        "expires_in": 900,
        "interval": 5,
    }
    waited: list[float] = []
    monkeypatch.setattr(device, "sleep", waited.append)
    return waited


def refused(error: str, description: str = "") -> tuple[int, dict[str, Any]]:
    return 400, {"error": error, "error_description": description}


def signs_in(api: Api, user: User, **claims: Any) -> str:
    token = api.token_of(user, **claims)
    api.provider.polls = [PENDING, (200, {"token_type": "Bearer", "access_token": token})]
    return token
