from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.oidc import graph
from accounts.roles import Role
from accounts.users.bulk import runner
from tests.portal.accounts.users.people import ADMIN_AGENTS, GLOBAL, SALES_AGENTS, FakeDirectory, user_id
from tests.portal.conftest import SignIn, make_user
from tests.portal.directory import served

LIST = "/dashboard/account/users"


@pytest.fixture
def people(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDirectory]:
    """Contoso's directory; the token is the subject of `test_graph_token`, so any will do here."""
    monkeypatch.setattr(graph, "_access_token", lambda session: "a-graph-token")
    with served(FakeDirectory()) as directory:
        settings.GRAPH_URL = directory.base
        yield directory
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
    people.members[SALES_AGENTS].add(user.oid)
    return user


@pytest.fixture
def staff(people: FakeDirectory, admin: User, monkeypatch: pytest.MonkeyPatch) -> FakeDirectory:
    """Ann and Bob are Sales agents, Cem holds nothing, Gus is a guest; one turn of the loop does a whole file."""
    monkeypatch.setattr(runner, "TURN_SECONDS", 60)
    for number, name in ((11, "ann"), (12, "bob"), (13, "cem")):
        people.add(number, name.title(), f"{name}@contoso.example")
    people.members[SALES_AGENTS] |= {user_id(11), user_id(12)}
    people.add(14, "Gus", "gus#EXT#@contoso.example", userType="Guest")
    return people
