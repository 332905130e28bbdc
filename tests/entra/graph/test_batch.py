"""JSON batching: several calls in one, each with its own answer."""

from collections.abc import Callable
from typing import Any

import pytest

from entra.directory.models import User
from tests.entra.graph.conftest import Graph
from tests.entra.graph.directory import code


def asked(graph: Graph, *calls: tuple[str, str] | tuple[str, str, Any], version: str = "") -> list[dict[str, Any]]:
    rows = [
        {"id": str(number), "method": call[0], "url": call[1], **({"body": call[2]} if len(call) > 2 else {})}
        for number, call in enumerate(calls, start=1)
    ]
    response = graph("POST", f"{version}$batch", {"requests": rows})
    assert response.status_code == 200, response.content
    answered: list[dict[str, Any]] = response.json()["responses"]
    assert [row["id"] for row in answered] == [row["id"] for row in rows]
    return answered


def test_each_call_is_answered_as_if_it_had_come_alone(graph: Graph, john: User) -> None:
    one, filtered, missing = asked(
        graph,
        ("GET", f"/users/{john.pk}?$select=displayName"),
        ("GET", "users?$filter=startswith(displayName,'John')&$count=true"),
        ("GET", "/users/nobody@fabrikam.example"),
    )
    assert (one["status"], one["body"]["displayName"]) == (200, "John Example")
    assert filtered["body"]["@odata.count"] == 1
    assert (missing["status"], missing["body"]["error"]["code"]) == (404, "Request_ResourceNotFound")


def test_a_change_in_a_batch_is_made(graph: Graph, john: User) -> None:
    (made,) = asked(graph, ("PATCH", f"/users/{john.pk}", {"displayName": "Johnny"}))
    assert made == {"id": "1", "status": 204}
    john.refresh_from_db()
    assert john.display_name == "Johnny"


def test_a_batch_allows_nobody_more_than_each_call_alone(
    graph_as: Callable[..., Graph], john: User, alejandra: User
) -> None:
    rows = asked(
        graph_as(john, scope="User.Read.All User.ReadWrite.All"),
        ("GET", f"/users/{john.pk}"),
        ("GET", f"/users/{alejandra.pk}"),
        ("PATCH", f"/users/{john.pk}", {"displayName": "X"}),
        ("GET", "/groups"),
    )
    assert [row["status"] for row in rows] == [200, 404, 403, 403]


@pytest.mark.parametrize("url", ["/../../admin", "/$batch", "https://elsewhere.example/users", "/../beta/users", "//"])
def test_a_batch_reaches_no_other_address(graph: Graph, url: str) -> None:
    (row,) = asked(graph, ("POST", url))
    assert row["status"] == 404


def test_beta_has_its_own(graph: Graph, john: User) -> None:
    (row,) = asked(graph, ("GET", f"/users/{john.pk}/authentication/requirements"), version="beta/")
    assert row["body"] == {"perUserMfaState": "disabled"}


ONE = {"id": "1", "method": "GET", "url": "/users"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"requests": []},
        {"requests": [ONE, ONE]},
        {"requests": [ONE | {"dependsOn": ["2"]}]},
        {"requests": [ONE | {"method": "BREW"}]},
        {"requests": [ONE | {"url": ""}]},
        {"requests": [ONE | {"atomicityGroup": "a"}]},
        {"requests": [ONE | {"id": str(number)} for number in range(21)]},
    ],
)
def test_a_batch_that_is_not_understood_is_refused_as_a_whole(graph: Graph, body: dict[str, Any]) -> None:
    assert code(graph("POST", "$batch", body)) == (400, "Request_BadRequest")


def test_a_batch_without_a_token_is_refused(graph: Graph) -> None:
    graph.token = ""
    assert graph("POST", "$batch", {"requests": [ONE]}).status_code == 401


def test_the_token_of_a_batch_is_read_once(graph: Graph, john: User, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4 + 20):  # the token and the caller's roles; one for each user
        asked(graph, *[("GET", f"/users/{john.pk}")] * 20)


@pytest.mark.parametrize("name", ["Иван", "瞳", "Éva"])
def test_an_address_in_a_batch_may_hold_letters_of_any_script(graph: Graph, john: User, name: str) -> None:
    User.objects.filter(pk=john.pk).update(display_name=name)
    found, missing = asked(
        graph, ("GET", f"/users?$filter=startswith(displayName,'{name}')&$count=true"), ("GET", f"/users/{name}")
    )
    assert (found["body"]["@odata.count"], missing["status"]) == (1, 404)


def test_a_call_that_fails_takes_no_other_answer_of_the_batch_with_it(
    graph: Graph, john: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("entra.graph.operations.users.selected", fails)
    made, failed = asked(graph, ("PATCH", f"/users/{john.pk}", {"displayName": "Johnny"}), ("GET", f"/users/{john.pk}"))
    assert (made["status"], failed["status"]) == (204, 500)
    assert failed["body"]["error"]["code"] == "InternalServerError"
