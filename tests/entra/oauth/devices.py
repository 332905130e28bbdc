"""A device without a browser, and the person who signs it in (RFC 8628)."""

from typing import Any

import jwt
import pytest
from django.test import Client

from tests.entra.conftest import RelyingParty

URN = "urn:ietf:params:oauth:grant-type:device_code"
API = "https://api.partnercenter.microsoft.com"
SCOPE = f"openid profile offline_access {API}/user_impersonation"
CONTINUE, CANCEL = {"answer": "continue"}, {"answer": "cancel"}


class Device:
    """A tool on a machine without a browser; the person's browser is `rp.browser`."""

    def __init__(self, rp: RelyingParty) -> None:
        self.rp = rp
        self.http = Client(REMOTE_ADDR="203.0.113.9")
        self.told: dict[str, Any] = {}

    def ask(self, **fields: str | None) -> Any:
        usual = {"client_id": str(self.rp.application.pk), "scope": SCOPE}
        posted = {name: value for name, value in (usual | fields).items() if value is not None}
        response = self.http.post(f"/{self.rp.segment}/{self.rp.prefix}/devicecode", posted)
        if response.status_code == 200:
            self.told = response.json()
        return response

    def poll(self, grant_type: str = URN, **fields: str) -> Any:
        posted = {"client_id": str(self.rp.application.pk), "grant_type": grant_type, **fields}
        if not {"code", "device_code"} & set(fields):
            posted["device_code"] = self.told["device_code"]
        return self.http.post(f"/{self.rp.segment}/{self.rp.prefix}/token", posted)

    def enter(self, code: str = "") -> Any:
        """The person types the code; answers with the page that names the application."""
        response = self.rp.browser.post("/devicelogin", {"user_code": code or self.told["user_code"]})
        return self.follow(response)

    def follow(self, response: Any) -> Any:
        while response.status_code == 303:
            self.page = response["Location"]
            response = self.rp.browser.get(self.page)
        return response

    def answer(self, **fields: str) -> Any:
        return self.follow(self.rp.browser.post(self.page, fields))


@pytest.fixture
def device(public_rp: RelyingParty) -> Device:
    return Device(public_rp)


def claims_of(response: Any) -> dict[str, Any]:
    assert response.status_code == 200, response.content
    return jwt.decode(response.json()["access_token"], options={"verify_signature": False})
