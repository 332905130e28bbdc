"""The portal's Graph client against a directory over HTTP: pages, errors, and where the token goes."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_django import Settings

from msgraph.client import GraphClient, GraphRefused, GraphUnavailable, part
from tests.portal.directory import Directory


@pytest.fixture
def graph(directory: Directory) -> GraphClient:
    return GraphClient(lambda: "the-token")


def test_every_page_of_a_collection_is_read_with_the_token(directory: Directory, graph: GraphClient) -> None:
    following = f"{directory.base}/v1.0/users?%24skiptoken=x"
    directory.answers[("GET", "/v1.0/users?%24top=2")] = (200, {"value": [{"id": 1}], "@odata.nextLink": following})
    directory.answers[("GET", "/v1.0/users?%24skiptoken=x")] = (200, {"value": [{"id": 2}], "@odata.count": 2})
    assert list(graph.every("users", top="2")) == [{"id": 1}, {"id": 2}]
    assert {authorization for _method, _path, authorization, _body in directory.asked} == {"Bearer the-token"}


def test_a_next_page_elsewhere_gets_no_token(directory: Directory, graph: GraphClient) -> None:
    directory.answers[("GET", "/v1.0/users")] = (200, {"value": [], "@odata.nextLink": "http://127.0.0.1:1/v1.0/users"})
    with pytest.raises(GraphUnavailable):
        list(graph.every("users"))
    assert len(directory.asked) == 1


def test_pages_that_go_round_in_a_circle_are_an_unavailable_directory(directory: Directory, graph: GraphClient) -> None:
    pages = [f"{directory.base}/v1.0/users?%24skiptoken={name}" for name in "ab"]
    for asked, following in (("", 0), ("?%24skiptoken=a", 1), ("?%24skiptoken=b", 0)):
        directory.answers[("GET", f"/v1.0/users{asked}")] = (200, {"value": [], "@odata.nextLink": pages[following]})
    with pytest.raises(GraphUnavailable):
        list(graph.every("users"))
    assert len(directory.asked) == 3


def test_a_next_page_that_is_null_is_the_end(directory: Directory, graph: GraphClient) -> None:
    directory.answers[("GET", "/v1.0/users")] = (200, {"value": [{"id": 1}], "@odata.nextLink": None})
    assert list(graph.every("users")) == [{"id": 1}]


def test_a_refusal_carries_the_directorys_own_words(directory: Directory, graph: GraphClient) -> None:
    error = {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}}
    directory.answers[("PATCH", "/v1.0/users/1")] = (403, error)
    with pytest.raises(GraphRefused) as refused:
        graph.patch("users/1", {"accountEnabled": False})
    assert (refused.value.status, refused.value.code) == (403, "Authorization_RequestDenied")
    assert directory.asked[0][3] == {"accountEnabled": False}


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}),
        (503, b"down"),
        (429, {"error": {"code": "TooManyRequests", "message": ""}}),
        (200, b"<html>"),
        (200, [1]),
        (200, {"value": "x"}),
    ],
)
def test_faults_and_nonsense_are_an_unavailable_directory(
    directory: Directory, graph: GraphClient, answer: tuple[int, object]
) -> None:
    directory.answers[("GET", "/v1.0/users")] = answer
    with pytest.raises(GraphUnavailable):
        graph.page("users")


def test_a_directory_that_is_down_is_unavailable(graph: GraphClient, settings: Settings) -> None:
    settings.GRAPH_URL = "http://127.0.0.1:1"
    with pytest.raises(GraphUnavailable):
        graph.get("users")


def test_no_content_is_an_empty_answer_and_beta_has_its_own_prefix(directory: Directory, graph: GraphClient) -> None:
    directory.answers[("PATCH", "/beta/users/1/authentication/requirements")] = (204, b"")
    assert graph.patch("beta/users/1/authentication/requirements", {}) == {}


def test_a_path_segment_stays_one() -> None:
    assert part("a/b?c#d é") == "a%2Fb%3Fc%23d%20%C3%A9"


def test_reads_in_a_batch_are_one_call_for_each_twenty_and_keep_their_order(
    directory: Directory, graph: GraphClient
) -> None:
    rows = [{"id": str(number), "status": 200, "body": {"number": number}} for number in reversed(range(20))]
    directory.answers[("POST", "/v1.0/$batch")] = (200, {"responses": rows})
    found = graph.batch([("users", {"filter": "id in ('a')"})] * 25)
    assert found == [{"number": number} for number in [*range(20), *range(5)]]
    assert [len(body["requests"]) for _method, _path, _token, body in directory.asked] == [20, 5]
    assert directory.asked[0][3]["requests"][0]["url"] == "/users?%24filter=id+in+%28%27a%27%29"


FINE: dict[str, object] = {"id": "0", "status": 200, "body": {}}


def test_a_refusal_in_a_batch_stands_in_its_place(directory: Directory, graph: GraphClient) -> None:
    refused = {"id": "0", "status": 404, "body": {"error": {"code": "Request_ResourceNotFound", "message": "No."}}}
    directory.answers[("POST", "/v1.0/$batch")] = (200, {"responses": [refused, FINE | {"id": "1"}]})
    assert graph.batch([("a", {}), ("b", {})]) == [GraphRefused(404, "Request_ResourceNotFound", "No."), {}]


@pytest.mark.parametrize(
    "responses", [None, [], [FINE | {"status": 429}], [FINE | {"body": None}], [FINE | {"id": "7"}], ["nonsense"]]
)
def test_a_part_that_is_missing_throttled_or_nonsense_is_an_unavailable_directory(
    directory: Directory, graph: GraphClient, responses: object
) -> None:
    directory.answers[("POST", "/v1.0/$batch")] = (200, {"responses": responses})
    with pytest.raises(GraphUnavailable):
        graph.batch([("a", {})])


def test_a_batch_of_beta_is_sent_to_its_own_address(directory: Directory, graph: GraphClient) -> None:
    directory.answers[("POST", "/beta/$batch")] = (200, {"responses": [FINE]})
    assert graph.batch([("users/1/authentication/requirements", {})], beta=True) == [{}]


def test_no_reads_are_no_call(directory: Directory, graph: GraphClient) -> None:
    assert graph.batch([]) == []
    assert directory.asked == []


def test_a_batch_of_the_beta_version_is_sent_to_it(directory: Directory, graph: GraphClient) -> None:
    path = "users/1/authentication/requirements"
    row = {"id": "0", "status": 200, "body": {"perUserMfaState": "enforced"}}
    directory.answers[("POST", "/beta/$batch")] = (200, {"responses": [row]})
    assert graph.batch([(path, {})], beta=True) == [{"perUserMfaState": "enforced"}]


@pytest.mark.parametrize(
    ("message", "named"),
    [
        (
            "one of the permissions Group.Read.All, GroupMember.Read.All is needed.",
            ("Group.Read.All", "GroupMember.Read.All"),
        ),
        ("Required: Policy.ReadWrite.ConditionalAccess", ("Policy.ReadWrite.ConditionalAccess",)),
        ("User.Read.All or User.Read.All", ("User.Read.All",)),
        ("Missing scope permissions on the request: User.Read.", ("User.Read",)),
        ("Insufficient privileges to complete the operation.", ()),
        ("", ()),
    ],
)
def test_a_refusal_says_which_permissions_it_names(message: str, named: tuple[str, ...]) -> None:
    assert GraphRefused(403, "Authorization_RequestDenied", message).permissions == named


def test_a_refusal_passes_through_a_context_manager() -> None:
    @contextmanager
    def around() -> Iterator[None]:
        yield

    with pytest.raises(GraphRefused), around():
        raise GraphRefused(403, "Authorization_RequestDenied", "")
