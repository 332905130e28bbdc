"""Orders at the demo's token forge."""

from collections.abc import Callable
from typing import Any

import jwt

from entra.apps.models import Application
from entra.directory.models import DirectoryRole, Tenant, User
from tests.entra.conftest import make_user
from tests.entra.graph.conftest import Graph

PATH = "ours/forgedTokens"
AUDIENCE = "https://api.partnercenter.microsoft.com"
GRAPH_ID = "00000003-0000-0000-c000-000000000000"
ADMINISTRATORS_ONLY = (403, "Forge_AdministratorsOnly")
Act = Callable[..., Graph]


def order(app: Application, **changed: Any) -> dict[str, Any]:
    usual = {
        "application": str(app.pk),
        "person": "",
        "version": "1.0",
        "audience": "",
        "amr": ["pwd", "mfa"],
        "acr": "1",
        "provenAgo": 0,
        "claimsChallenges": False,
        "lifetime": 65,
        "flaw": "",
    }
    return usual | changed


def token_of(graph: Graph, app: Application, **changed: Any) -> str:
    response = graph("POST", PATH, order(app, **changed))
    assert response.status_code == 200, response.content
    return str(response.json()["token"])


def said(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def global_admin(tenant: Tenant) -> User:
    gil = make_user(tenant, "gil")
    gil.role_assignments.create(role=DirectoryRole.GLOBAL_ADMINISTRATOR)
    return gil
