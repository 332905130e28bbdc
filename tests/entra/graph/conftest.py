"""An administrator's program with a token for the directory API."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from entra.apps.administration import grant_app_roles
from entra.apps.models import Application, AppRoleGrant
from entra.apps.permissions import GraphPermission
from entra.apps.services import register_application
from entra.directory.models import DirectoryRole, Tenant, User
from entra.signin.method import Method
from tests.entra.conftest import RelyingParty

VERIFIED = (Method.PASSWORD, Method.AUTHENTICATOR_APP)
EVERY_PERMISSION = " ".join(permission.value for permission in GraphPermission)


@dataclass
class Graph:
    """Calls with one access token. `get`, `post`, `patch` and `delete` return the response."""

    client: Client
    token: str

    def __call__(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        target = f"/graph/{'' if path.startswith(('beta/', 'ours/')) else 'v1.0/'}{path}"
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if method == "GET":
            return self.client.get(target, query, headers=headers)
        return self.client.generic(method, target, _json(body), content_type="application/json", headers=headers)

    def get(self, path: str, **query: str) -> Any:
        return self("GET", path, **query)

    def values(self, path: str, **query: str) -> list[dict[str, Any]]:
        """Every row of a collection, all pages read."""
        return list(self._pages(path, query))

    def _pages(self, path: str, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        response = self.get(path, **query)
        while True:
            assert response.status_code == 200, response.content
            page = response.json()
            yield from page["value"]
            if "@odata.nextLink" not in page:
                return
            response = self.client.get(page["@odata.nextLink"], headers={"Authorization": f"Bearer {self.token}"})


def _json(body: Any) -> str:
    import json

    return "" if body is None else json.dumps(body)


@pytest.fixture
def graph_as(rp: RelyingParty, sign_in: Callable[..., None]) -> Callable[..., Graph]:
    """`graph_as(account, Method.PASSWORD, scope="User.Read.All")`: sign in and get a token with this scope.

    `tenant` is another one than the account's own, in which it is a guest.
    """

    def act(account: User, *methods: Method, scope: str = EVERY_PERMISSION, tenant: Tenant | None = None) -> Graph:
        browser = Client()
        sign_in(browser, account, *methods)
        party = replace(rp, browser=browser, segment=str((tenant or account.tenant).pk))
        answer = party.tokens(scope=f"openid {scope}".strip())
        return Graph(Client(), answer["access_token"])

    return act


@pytest.fixture
def grace(john: User) -> User:
    """Fabrikam's Global administrator."""
    from tests.entra.conftest import make_user

    grace = make_user(john.tenant, "grace")
    grace.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    return grace


@pytest.fixture
def graph(graph_as: Callable[..., Graph], grace: User) -> Graph:
    """Every permission, as the Global administrator of Fabrikam, who has verified."""
    return graph_as(grace, *VERIFIED)


@pytest.fixture
def forge(settings: Settings, application: Application) -> None:
    """The demo's token forge is there, and the tests' application is the portal that asks it."""
    settings.DEMO, settings.PARTNER_CENTER_SERVER = True, str(application.pk)


@pytest.fixture
def sync(fabrikam: Tenant) -> Application:
    """An application that tokens are forged for."""
    return register_application(
        client_id="20000000-0000-4000-8000-000000000001", tenant=fabrikam, name="Sync", redirect_uris=[]
    )


@pytest.fixture
def by_itself(rp: RelyingParty, application: Application, fabrikam: Tenant) -> Callable[..., Graph]:
    """`by_itself("User.Read.All")`: the application's own token in Fabrikam, with these permissions and no other."""

    def act(*permissions: str) -> Graph:
        AppRoleGrant.objects.all().delete()
        grant_app_roles(application=application, tenant=fabrikam, permissions=permissions, actor="an administrator")
        wanted = {"grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default"}
        answer = rp.token(**wanted, redirect_uri=None, code_verifier=None)
        return Graph(Client(), answer.json()["access_token"])

    return act
