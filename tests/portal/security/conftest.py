from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import PartnerTenant, User
from accounts.oidc import graph
from accounts.roles import Role
from security.alerts.calls import watch_calls
from security.alerts.role_changes import watch_role_changes
from security.alerts.sign_ins import watch_sign_ins
from tests.portal.conftest import SignIn
from tests.portal.directory import served
from tests.portal.security.asking import PAGE, newcomer
from tests.portal.security.tenant import FakeTenant


@pytest.fixture
def tenant(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTenant]:
    """A directory without anything in it; the token is the subject of other tests, so any will do here."""
    monkeypatch.setattr(graph, "_application_token", lambda tenant_id: "a-token")
    with served(FakeTenant()) as fake:
        settings.GRAPH_URL = fake.base
        yield fake
    cache.clear()


@pytest.fixture
def people(tenant: FakeTenant, contoso: PartnerTenant) -> list[str]:
    """Ann, Bob and Cem without a method, as the last reading found and the directory says now."""
    return [newcomer(tenant, contoso, 11 + number, name) for number, name in enumerate(("ann", "bob", "cem"))]


@pytest.fixture
def asker(client: Client, sign_in: SignIn, alejandra: User, settings: Settings) -> Client:
    settings.SECURITY_INFO_URL = PAGE
    sign_in(client, alejandra)
    return client


@pytest.fixture
def start(db: None) -> datetime:
    """The watches had their first turn at this moment, an hour ago."""
    moment = timezone.now() - timedelta(hours=1)
    for watch in (watch_sign_ins, watch_role_changes, watch_calls):
        watch(moment)
    return moment


@pytest.fixture
def viewer(client: Client, alejandra: User, sign_in: SignIn) -> User:
    sign_in(client, alejandra, roles=[Role.SECURITY_ADMIN])
    return alejandra
