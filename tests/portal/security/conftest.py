from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings

from accounts.models import PartnerTenant
from accounts.oidc import graph
from tests.portal.directory import served
from tests.portal.security.asking import newcomer
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
