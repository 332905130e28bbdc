"""The page of the token forge: what it orders at the provider, and what it shows (the demo alone)."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.oidc import graph
from accounts.roles import Role
from activity.models import ApiRequest, AuditRecord, OperationRecord
from tests.portal.api.conftest import Api
from tests.portal.conftest import SignIn, make_user
from tests.portal.directory import Directory

FORGE = "/dashboard/help/api/token-forge"
ORDER = ("POST", "/ours/forgedTokens")
COMMAND_LINE = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
GOOD = {
    "kind": "person", "person": "alejandra@contoso.example", "application": COMMAND_LINE, "version": "1.0",
    "audience": "partner-center", "amr": "pwd mfa", "acr": "1", "proven_ago": "0", "lifetime": "65", "flaw": "none",
}  # fmt: skip
Forge = Callable[..., Any]


@pytest.fixture(autouse=True)
def _any_graph_token(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.DEMO = True
    monkeypatch.setattr(graph, "_access_token", lambda session: "a-graph-token")


@pytest.fixture
def forge(client: Client, alejandra: User, sign_in: SignIn) -> Forge:
    sign_in(client, alejandra)
    return lambda **changed: client.post(FORGE, GOOD | changed)


def refuses(directory: Directory, code: str, status: int = 403) -> None:
    directory.answers[ORDER] = (status, {"error": {"code": code, "message": "No"}})


def test_a_token_is_ordered_as_the_person_and_shown(
    forge: Forge, api: Api, alejandra: User, directory: Directory
) -> None:
    token = api.token_of(alejandra)
    directory.answers[ORDER] = (200, {"token": token})
    response = forge(claims_challenges="on", flaw="badSignature", amr="pwd", proven_ago="90")
    page = response.content.decode()
    assert f"<code data-copy-source>{token}</code>" in page
    assert "Signature, issuer, audience and times are good" in page
    assert "Methods of authentication really used" in page
    assert response["Cache-Control"] == "no-store"
    ((method, path, authorization, body),) = directory.asked
    assert (method, path, authorization) == (*ORDER, "Bearer a-graph-token")
    assert body == {
        "person": "", "application": COMMAND_LINE, "version": "1.0", "audience": "", "amr": ["pwd"], "acr": "1",
        "provenAgo": 90, "claimsChallenges": True, "lifetime": 65, "flaw": "badSignature",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "ordered"),
    [
        ({"person": "Sam@contoso.example "}, {"person": "Sam@contoso.example"}),
        ({"kind": "application"}, {"person": None}),
        ({"audience": "graph"}, {"audience": "graph"}),
        ({"audience": "other", "other_audience": "api://mine"}, {"audience": "api://mine"}),
        ({"other_audience": "api://mine"}, {"audience": "", "flaw": ""}),
        ({"amr": "none", "acr": "none"}, {"amr": [], "acr": ""}),
        ({"version": "2.0", "flaw": "unsigned"}, {"version": "2.0", "flaw": "unsigned"}),
    ],
)
def test_what_was_chosen_is_ordered(
    forge: Forge, api: Api, directory: Directory, changed: dict[str, str], ordered: dict[str, Any]
) -> None:
    refuses(directory, "Forge_Person")
    forge(**changed)
    body = directory.asked[0][3]
    assert {name: body[name] for name in ordered} == ordered


@pytest.mark.parametrize("role", [Role.SALES_AGENT, Role.SECURITY_ADMIN, None])
def test_who_is_no_administrator_orders_for_themselves_whatever_they_send(
    client: Client, api: Api, alejandra: User, sign_in: SignIn, directory: Directory, role: Role | None
) -> None:
    sam = make_user(alejandra.tenant, "Sam", "sam@contoso.example", [role] if role else [])
    sign_in(client, sam)
    refuses(directory, "Forge_Person")
    client.post(FORGE, GOOD | {"kind": "application", "person": alejandra.user_principal_name})
    assert directory.asked[0][3]["person"] == ""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("Forge_Person", "Nobody of this name"),
        ("Forge_Application", "no application of this ID"),
        ("Forge_NoAppRole", "No administrator granted"),
        ("Forge_AdministratorsOnly", "Only Global admins"),
        ("Unauthorized_MissingMFA", "did not see you verify"),
        ("Request_BadRequest", "does not make this token"),
    ],
)
def test_a_refusal_is_explained_and_what_was_typed_stays(
    forge: Forge, api: Api, directory: Directory, code: str, said: str
) -> None:
    refuses(directory, code)
    response = forge(person="sam@contoso.example", lifetime="17", amr="wia")
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    for kept in ('value="sam@contoso.example"', 'value="17"', '<option value="wia" selected>'):
        assert kept in page


@pytest.mark.parametrize(
    "changed",
    [
        {"lifetime": "0"},
        {"lifetime": "1441"},
        {"proven_ago": "-1"},
        {"application": "mine"},
        {"amr": "admin"},
        {"audience": "other"},
        {"audience": "other", "other_audience": COMMAND_LINE},
        {"person": ""},
    ],
)
def test_what_cannot_be_made_is_not_ordered(
    forge: Forge, api: Api, directory: Directory, changed: dict[str, str]
) -> None:
    assert forge(**changed).status_code == 422
    assert directory.asked == []


@pytest.mark.parametrize("status", [500, 503])
def test_a_provider_that_does_not_answer_is_said(forge: Forge, api: Api, directory: Directory, status: int) -> None:
    refuses(directory, "x", status)
    response = forge()
    assert response.status_code == 422
    assert "does not answer" in response.content.decode()


def test_nothing_of_the_token_is_stored(forge: Forge, api: Api, alejandra: User, directory: Directory) -> None:
    token = api.token_of(alejandra)
    directory.answers[ORDER] = (200, {"token": token})
    forge()
    rows = [*OperationRecord.objects.values(), *AuditRecord.objects.values(), *ApiRequest.objects.values()]
    assert rows
    assert token not in str(rows)


def test_the_page_asks_to_verify(client: Client, api: Api, alejandra: User, sign_in: SignIn) -> None:
    """What is made there can carry MFA."""
    sign_in(client, alejandra, mfa=False)
    response = client.get(FORGE)
    assert response.status_code == 302
    assert response["Location"].startswith("/oidc/step-up")


@pytest.mark.parametrize("path", [FORGE, "/dashboard/help/api/faults"])
def test_outside_the_demo_there_is_no_page(
    client: Client, api: Api, alejandra: User, sign_in: SignIn, settings: Settings, path: str
) -> None:
    sign_in(client, alejandra)
    assert client.get(path).status_code == 200
    settings.DEMO = False
    assert client.get(path).status_code == 404
    assert client.post(path, GOOD).status_code == 404


def test_a_deployment_has_neither_address_nor_row(tmp_path: Path) -> None:
    """In a process of its own, as a deployment starts; the site's checks run with it."""
    program = """
import partnercenter.wsgi
from django.urls import NoReverseMatch, reverse
from accounts.matrix import find_area, live_areas
for name in ("token-forge", "faults"):
    try:
        reverse(f"api:{name}")
    except NoReverseMatch:
        print("no", name)
print(find_area(live_areas(), ("dashboard", "help", "api", "token-forge")).key)
print([area.key for area in live_areas() if "forge" in area.key])
"""
    environment = {"PATH": "", "VAR_DIR": str(tmp_path), "DEMO": "0"}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-4:] == ["no token-forge", "no faults", "help", "[]"]
