"""Calls of the REST API with tokens that a provider in the test process has signed."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from api import tokens
from tests.portal.accounts.conftest import op
from tests.portal.accounts.op import Provider

__all__ = ["op"]
APPLICATION = "20000000-0000-4000-8000-000000000001"
AUDIENCE = "https://api.partnercenter.microsoft.com"


@dataclass
class Api:
    """A client of the API. `call` sends the token of somebody, with MFA unless told otherwise."""

    provider: Provider
    client: Client = field(default_factory=Client)

    def claims_of(self, user: User, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "aud": AUDIENCE,
            "iss": f"{self.provider.base}/{user.tenant_id}/",
            "iat": now,
            "nbf": now,
            "exp": now + 3900,
            "acr": "1",
            "amr": ["pwd", "mfa"],
            "appid": APPLICATION,
            "appidacr": "1",
            "name": user.display_name,
            "oid": user.oid,
            "scp": "user_impersonation",
            "sub": f"pairwise-{user.pk}",
            "tid": str(user.tenant_id),
            "upn": user.user_principal_name,
            "ver": "1.0",
            **changed,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def token_of(self, user: User, **changed: Any) -> str:
        return self.provider.sign(self.claims_of(user, **changed))

    def app_only_token(self, user: User, **changed: Any) -> str:
        """Of the application itself, in the person's tenant."""
        alone = {"scp": None, "amr": None, "acr": None, "upn": None, "name": None, "oid": "service-principal"}
        return self.token_of(user, **{**alone, "idtyp": "app", "roles": ["user_impersonation"], **changed})

    def call(
        self,
        who: User | str,
        path: str,
        *,
        method: str = "GET",
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> HttpResponse:
        """`who` is a person, or a token ready made."""
        raw = who if isinstance(who, str) else self.token_of(who)
        sent = {"Authorization": f"Bearer {raw}", "Accept": "application/json", **(headers or {})}
        data = body if isinstance(body, bytes | str) else json.dumps(body) if body is not None else ""
        return self.client.generic(method, path, data, content_type="application/json", headers=sent)


@pytest.fixture
def api(op: Provider, settings: Settings) -> Iterator[Api]:
    settings.API_ISSUER = f"{op.base}/{{tenantid}}/"
    tokens._remembered.clear()
    yield Api(op)
    tokens._remembered.clear()


@pytest.fixture
def alejandra(alejandra: User, api: Api) -> User:
    """Known to the portal under the issuer of this test's provider."""
    return known(alejandra, api)


@pytest.fixture
def olga(olga: User, api: Api) -> User:
    return known(olga, api)


@pytest.fixture
def john(john: User, api: Api) -> User:
    return known(john, api)


def known(user: User, api: Api) -> User:
    user.issuer = f"{api.provider.base}/{user.tenant_id}/v2.0"
    user.save(update_fields=["issuer"])
    return user
