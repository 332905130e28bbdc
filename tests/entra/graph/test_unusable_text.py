"""What no database keeps, or no token of ours holds, is a bad request and never a fault of the server."""

import base64
import json

import pytest

from entra.directory.models import User
from tests.entra.graph.conftest import Graph
from tests.entra.graph.directory import code

REFUSED = (400, "Request_BadRequest")


@pytest.mark.parametrize("written", [r"\ud800", r"\u0000", r"\\\u0000", "\N{REPLACEMENT CHARACTER}\x00"])
def test_a_body_with_a_character_that_is_none_is_refused(graph: Graph, john: User, written: str) -> None:
    headers = {"Authorization": f"Bearer {graph.token}"}
    body = f'{{"displayName": "John {written}"}}'
    answer = graph.client.generic(
        "PATCH", f"/graph/v1.0/users/{john.pk}", body, content_type="application/json", headers=headers
    )
    assert code(answer) == REFUSED


def test_a_body_may_write_of_such_a_character(graph: Graph, john: User) -> None:
    assert graph("PATCH", f"users/{john.pk}", {"displayName": r"John \u0000"}).status_code == 204


def test_an_address_with_nul_is_refused(graph: Graph) -> None:
    assert code(graph.get("users", **{"$filter": "displayName eq 'a\x00'"})) == REFUSED
    assert code(graph.get("users/%00")) == REFUSED
    parts = {"requests": [{"id": "1", "method": "GET", "url": "/users?$filter=displayName eq '%00'"}]}
    assert graph("POST", "$batch", parts).json()["responses"][0]["status"] == 400


@pytest.mark.parametrize(
    ("order", "value"),
    [
        ("displayName", "\ud800"),
        ("displayName", "\x00"),
        ("displayName", 5),
        ("accountEnabled", "perhaps"),
        ("accountEnabled", None),
        ("id", True),
    ],
)
def test_a_token_that_is_not_ours_continues_nothing(graph: Graph, john: User, order: str, value: object) -> None:
    token = base64.urlsafe_b64encode(json.dumps([value, str(john.pk)]).encode()).decode()
    assert code(graph.get("users", **{"$orderby": order, "$skiptoken": token})) == REFUSED


def test_pages_ordered_by_a_yes_or_no_continue(graph: Graph, john: User) -> None:
    rows = graph.values("users", **{"$orderby": "accountEnabled", "$top": "1"})
    assert len(rows) == len({row["id"] for row in rows}) == 2
