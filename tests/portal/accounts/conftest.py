from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts.models import PartnerTenant
from tests.portal.accounts.op import Provider, serve


@pytest.fixture
def op(settings: Settings) -> Iterator[Provider]:
    cache.clear()
    provider, server = serve()
    settings.OIDC_ISSUER = f"{provider.base}/{{tenantid}}/v2.0"
    settings.OIDC_DISCOVERY_URL = f"{provider.base}/organizations/v2.0/.well-known/openid-configuration"
    settings.OIDC_RP_CLIENT_SECRET = "the-client-secret"
    settings.OIDC_TIMEOUT = (1, 1)
    yield provider
    server.shutdown()
    server.server_close()
    cache.clear()


@dataclass
class Browser:
    """A browser on its way through the provider and back."""

    client: Client
    op: Provider

    def leave(self, path: str = "/dashboard/overview") -> str:
        """Open a portal page and follow the portal's own redirects until the provider; return that address."""
        url = path
        for _ in range(4):
            response = self.client.get(url)
            assert response.status_code == 302, (url, response.status_code)
            url = response["Location"]
            if url.startswith(self.op.base):
                return url
        raise AssertionError(url)

    def come_back(self, authorize_url: str, **changed: str) -> HttpResponse:
        code, state = self.op.code_for(authorize_url)
        return self.client.get("/oidc/callback", {"code": code, "state": state, **changed})

    def bring_error(self, authorize_url: str, error: str, description: str = "") -> HttpResponse:
        answer = {"error": error, "error_description": description, "state": asked(authorize_url)["state"]}
        return self.client.get("/oidc/callback", answer)

    def sign_in(self, path: str = "/dashboard/overview", *amr: str) -> HttpResponse:
        self.op.changed["amr"] = list(amr or ["pwd"])
        return self.come_back(self.leave(path))


def is_in(client: Client) -> bool:
    return client.get("/dashboard/help/access-matrix").status_code == 200


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@pytest.fixture
def browser(client: Client, op: Provider, fabrikam: PartnerTenant) -> Browser:
    return Browser(client, op)


@pytest.fixture
def another_browser(op: Provider, fabrikam: PartnerTenant) -> Browser:
    return Browser(Client(), op)
