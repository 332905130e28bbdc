from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.oidc import graph
from accounts.roles import Role
from tests.portal.accounts.users.people import ADMIN_AGENTS, GLOBAL, FakeDirectory, serve
from tests.portal.conftest import SignIn, make_user

LIST = "/dashboard/account/users"


@pytest.fixture
def people(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDirectory]:
    """Contoso's directory; the token is the subject of `test_graph_token`, so any will do here."""
    directory, server = serve()
    settings.GRAPH_URL = directory.base
    monkeypatch.setattr(graph, "_access_token", lambda session: "a-graph-token")
    yield directory
    server.shutdown()
    server.server_close()
    cache.clear()


@pytest.fixture
def admin(people: FakeDirectory, alejandra: User, client: Client, sign_in: SignIn) -> User:
    """Alejandra, Global admin and Admin agent, signed in with MFA of this moment."""
    key = people.add(1, alejandra.display_name, alejandra.user_principal_name)
    assert key == alejandra.oid
    people.members[GLOBAL].add(key)
    people.members[ADMIN_AGENTS].add(key)
    sign_in(client, alejandra)
    return alejandra


@pytest.fixture
def samira(people: FakeDirectory, admin: User) -> User:
    """A Sales agent who has signed in to the portal before."""
    user = make_user(admin.tenant, "Samira Haddad", "sales@contoso.example", [Role.SALES_AGENT])
    people.add(2, user.display_name, user.user_principal_name)
    people.members["a0000000-0000-4000-8000-000000000012"].add(user.oid)
    return user
