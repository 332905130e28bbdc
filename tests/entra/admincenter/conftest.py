"""Grace, Global administrator of Fabrikam, at the admin center; its calls to the provider reach the same code."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import settings
from django.test import Client
from django.utils import timezone

from entra.admincenter.client import provider
from entra.admincenter.models import AdminSession
from entra.directory.models import AuthenticatorApp, DirectoryRole, Tenant, User
from entra.signin.method import Method
from tests.entra.conftest import make_user

FABRIKAM = "c0000000-0000-4000-8000-000000000003"
MFA = (Method.PASSWORD, Method.AUTHENTICATOR_APP)


class Loopback:
    """`requests` for a service that calls itself: answered by the service under test, without a socket."""

    def __init__(self) -> None:
        self.client, self.down = Client(), False
        self.RequestException = requests.RequestException

    def get(self, url: str, **options: Any) -> requests.Response:
        return self._answer(url, self.client.get, {})

    def post(self, url: str, *, data: dict[str, str], **options: Any) -> requests.Response:
        return self._answer(url, self.client.post, data)

    def _answer(self, url: str, call: Callable[..., Any], data: dict[str, str]) -> requests.Response:
        assert url.startswith(settings.ENTRA_URL)
        if self.down:
            raise requests.ConnectionError
        answered = call(urlsplit(url).path, data)
        response = requests.Response()
        response.status_code, response._content = answered.status_code, answered.content
        return response


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> Loopback:
    from django.core.cache import cache

    cache.clear()
    double = Loopback()
    monkeypatch.setattr(provider, "requests", double)
    return double


@pytest.fixture
def grace(fabrikam: Tenant) -> User:
    account = make_user(fabrikam, "grace")
    account.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    AuthenticatorApp.objects.create(account=account, name="Phone", confirmed=True)
    return account


@pytest.fixture
def svetlana(fabrikam: Tenant) -> User:
    account = make_user(fabrikam, "svetlana")
    account.role_assignments.create(role=DirectoryRole.SECURITY_ADMINISTRATOR)
    AuthenticatorApp.objects.create(account=account, name="Phone", confirmed=True)
    return account


@dataclass
class Admin:
    """A browser in which an administrator is signed in to the admin center."""

    client: Client
    account: User

    def get(self, path: str = "", **query: str) -> Any:
        return self.client.get(f"/admin{path}", query)

    def text(self, path: str = "", **query: str) -> str:
        response = self.get(path, **query)
        assert response.status_code == 200, (response.status_code, response.headers)
        return str(response.content.decode())

    def post(self, path: str, **fields: Any) -> Any:
        return self.client.post(f"/admin{path}", fields)

    def done(self, path: str, **fields: Any) -> str:
        """Send a form that is accepted; return the page it leads to."""
        response = self.post(path, **fields)
        assert response.status_code == 303, response.content.decode()[:4000]
        assert response["Location"].startswith("/admin"), response["Location"]
        return str(self.client.get(response["Location"]).content.decode())

    def refused(self, path: str, **fields: Any) -> str:
        """Send a form that is not accepted; return the page, which shows it again."""
        response = self.post(path, **fields)
        assert response.status_code == 200, (response.status_code, response.headers)
        return str(response.content.decode())

    def let_verification_age(self, minutes: int = 16) -> None:
        AdminSession.objects.update(mfa_at=timezone.now() - timedelta(minutes=minutes))


@pytest.fixture
def enter(sign_in: Callable[..., None]) -> Callable[..., Admin]:
    """`enter(account)`: somebody who verified at the provider opens the admin center."""

    def act(account: User, *methods: Method) -> Admin:
        client = Client()
        sign_in(client, account, *(methods or MFA))
        response = client.get("/admin", follow=True)
        assert response.status_code == 200, (response.redirect_chain, response.content.decode())
        return Admin(client, account)

    return act


@pytest.fixture
def admin(enter: Callable[..., Admin], grace: User) -> Admin:
    return enter(grace)


def asked(response: Any, *, at: str = "organizations") -> dict[str, Any]:
    """The parameters of the authorize request that the browser is sent to, at this tenant's address."""
    from urllib.parse import parse_qs

    assert response.status_code == 303
    parts = urlsplit(response["Location"])
    assert parts.path == f"/{at}/oauth2/authorize", parts.path
    found = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return found | {"claims": json.loads(found["claims"])}
