"""Calls Microsoft Graph, or the provider's own directory API of the same shapes, with a token that a caller supplies.

It knows addresses, pages and errors; what a user or a policy means is for the apps above.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import requests
from django.conf import settings

Json = dict[str, Any]
Read = tuple[str, Mapping[str, str]]
"""A path, and its query options without the `$`."""
_BATCH = 20  # requests in one batch, by Graph's limit
_EVENTUAL = {"ConsistencyLevel": "eventual"}
_OTHER_VERSIONS = ("beta/", "ours/")  # the last is of the provider here alone
_PERMISSION = re.compile(r"\b[A-Z]\w+(?:\.[A-Z]\w+){1,3}\b")  # User.Read, Policy.ReadWrite.ConditionalAccess
_TIMEOUT = (3.05, 20)  # seconds to connect, and to wait for an answer


class GraphUnavailable(Exception):
    """The directory does not answer, or answers nonsense. Nothing was changed as far as is known."""


@dataclass(unsafe_hash=True)  # not frozen: context managers set the traceback of what passes through them
class GraphRefused(Exception):
    """The directory said no. `code` is its own word for why, `message` its explanation for developers."""

    status: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.message}"

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions that the message names, of which one is missing; none where it names none."""
        return tuple(dict.fromkeys(_PERMISSION.findall(self.message)))


@dataclass(frozen=True)
class Page:
    """Rows of a collection. `next` is where the rows that follow are found, "" at the end."""

    rows: list[Json]
    next: str
    count: int | None = None


class GraphClient:
    """`token` returns a current access token each time it is called."""

    def __init__(self, token: Callable[[], str]) -> None:
        self._token = token

    def get(self, path: str, **query: str) -> Json:
        return self._call("GET", path, query=query)

    def post(self, path: str, body: Json | None = None) -> Json:
        return self._call("POST", path, body=body or {})

    def patch(self, path: str, body: Json) -> Json:
        return self._call("PATCH", path, body=body)

    def delete(self, path: str) -> None:
        self._call("DELETE", path)

    def page(self, path: str, *, continued: str = "", **query: str) -> Page:
        """One page of a collection; `continued` is the `next` of the page before."""
        answer = self._call("GET", continued) if continued else self._call("GET", path, query=query)
        rows = answer.get("value")
        if not isinstance(rows, list):
            raise GraphUnavailable("not a collection")
        count = answer.get("@odata.count")
        return Page(rows, str(answer.get("@odata.nextLink") or ""), count if isinstance(count, int) else None)

    def every(self, path: str, **query: str) -> Iterator[Json]:
        """Every row of a collection, page after page. A page that leads back to one before is no answer."""
        page, seen = self.page(path, **query), set[str]()
        yield from page.rows
        while page.next:
            if page.next in seen:
                raise GraphUnavailable("its pages go round in a circle")
            seen.add(page.next)
            page = self.page(path, continued=page.next)
            yield from page.rows

    def batch(self, reads: Sequence[Read], *, beta: bool = False) -> list[Json | GraphRefused]:
        """The answers to these reads, in one call for each twenty (JSON batching). A refusal stands in its place.

        `beta`: all of them are of that version, and their paths do not name it.
        """
        found: list[Json | GraphRefused] = []
        for start in range(0, len(reads), _BATCH):
            some = reads[start : start + _BATCH]
            asked = [
                {"id": str(number), "method": "GET", "url": f"/{path}?{_encoded(query)}", "headers": _EVENTUAL}
                for number, (path, query) in enumerate(some)
            ]
            answer = self.post("beta/$batch" if beta else "$batch", {"requests": asked})
            found += _answers(answer, len(some))
        return found

    def _call(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Json | None = None
    ) -> Json:
        headers = {"Authorization": f"Bearer {self._token()}", **_EVENTUAL}
        try:
            response = requests.request(
                method, _address(path), params=_encoded(query or {}), json=body, headers=headers, timeout=_TIMEOUT
            )
        except requests.RequestException as error:
            raise GraphUnavailable(str(error)) from error
        if _is_passing(response.status_code):
            raise GraphUnavailable(f"{response.status_code}")
        if not response.ok:
            raise _refusal(response)
        return {} if response.status_code == HTTPStatus.NO_CONTENT else _json(response)


def _encoded(query: Mapping[str, str]) -> str:
    """Options are written without the `$`, which Python keywords do not take."""
    return urlencode({f"${name}": value for name, value in query.items()})


def part(value: object) -> str:
    """One path segment out of any text: an id that holds a slash or a question mark stays one segment."""
    return quote(str(value), safe="")


def _address(path: str) -> str:
    """Where to call. The token goes to the configured directory only, also when a page says where the next one is."""
    base = str(settings.GRAPH_URL)
    if not path.startswith(("http:", "https:")):
        return f"{base}/{path}" if path.startswith(_OTHER_VERSIONS) else f"{base}/v1.0/{path}"
    if urlsplit(path)[:2] != urlsplit(base)[:2]:
        raise GraphUnavailable("the next page is at another address")
    return path


def _json(response: requests.Response) -> Json:
    try:
        document = response.json()
    except ValueError as error:
        raise GraphUnavailable("not JSON") from error
    if not isinstance(document, dict):
        raise GraphUnavailable("not a JSON object")
    return document


def _refusal(response: requests.Response) -> GraphRefused:
    try:
        return _refused(response.status_code, response.json())
    except ValueError:
        return GraphRefused(response.status_code, "", "")


def _refused(status: int, document: Any) -> GraphRefused:
    try:
        error = document["error"]
        return GraphRefused(status, str(error["code"]), str(error["message"]))
    except (KeyError, TypeError):
        return GraphRefused(status, "", "")


def _answers(answer: Json, count: int) -> list[Json | GraphRefused]:
    """The parts of a batch's answer, in the order asked. Raises GraphUnavailable."""
    responses = answer.get("responses")
    rows = [row for row in responses if isinstance(row, dict)] if isinstance(responses, list) else []
    by_id = {str(row.get("id")): row for row in rows}
    return [_part(by_id.get(str(number), {})) for number in range(count)]


def _part(row: Json) -> Json | GraphRefused:
    status, body = row.get("status"), row.get("body")
    if not isinstance(status, int) or _is_passing(status):
        raise GraphUnavailable(f"{status} in a batch")
    if status >= HTTPStatus.BAD_REQUEST:
        return _refused(status, body)
    if not isinstance(body, dict):
        raise GraphUnavailable("not a JSON object")
    return body


def _is_passing(status: int) -> bool:
    """Throttled, or a fault of the server: later the same call will do."""
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
