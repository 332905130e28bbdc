"""JSON batching: up to twenty calls in one request, each answered by its own row of the registry."""

import json
import logging
from io import BytesIO
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes

import msgspec
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from msgspec import Meta

from entra.apps.permissions import GraphPermission as P
from entra.graph.errors import GraphError, answered
from entra.graph.operation import Answer, Call, Operation, calls_as

logger = logging.getLogger(__name__)
MOST = 20
_SUFFIX = "/$batch"
_METHODS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE"})


class Single(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    id: Annotated[str, Meta(min_length=1, max_length=100)]
    method: str
    url: Annotated[str, Meta(min_length=1, max_length=4000)]
    headers: dict[str, str] = {}
    body: Any = None
    depends_on: list[str] = []


class Several(msgspec.Struct, forbid_unknown_fields=True):
    requests: Annotated[list[Single], Meta(min_length=1, max_length=MOST)]


def batch(call: Call) -> Answer:
    """Each call is authorized by itself, as the same caller; the failure of one is the status of that one alone."""
    asked = call.body_as(Several).requests
    if len({single.id for single in asked}) != len(asked):
        raise GraphError.bad_request("Each request of a batch needs an id of its own.")
    for single in asked:
        if single.depends_on:
            raise GraphError.bad_request(f"'dependsOn' is not supported here (request '{single.id}').")
        if single.method.upper() not in _METHODS:
            raise GraphError.bad_request(f"'{single.method}' is no method (request '{single.id}').")
    return {"responses": [_answered(call, single) for single in asked]}


def _answered(call: Call, single: Single) -> dict[str, Any]:
    request = _request(call, single)
    response = _respond(request, single)
    shown: dict[str, Any] = {"id": single.id, "status": response.status_code}
    if response.content:
        shown |= {"headers": {"Content-Type": "application/json"}, "body": json.loads(response.content)}
    return shown


def _respond(request: HttpRequest, single: Single) -> HttpResponse:
    try:
        if request.path_info.endswith(_SUFFIX):  # no batch in a batch
            raise Resolver404
        found = resolve(request.path_info)
    except Resolver404:
        return answered(request, GraphError.not_found(single.url))
    try:
        response: HttpResponse = found.func(request, **found.kwargs)
    except Exception:
        # What the calls before it have changed is kept, so their answers have to arrive.
        logger.exception("A call in a batch failed: %s", single.url.partition("?")[0])
        return answered(request, GraphError.failed())
    return response


def _request(call: Call, single: Single) -> HttpRequest:
    """The call as if it had come alone. Its path stands below the batch's own version, whatever it says."""
    path, _mark, query = single.url.partition("?")
    version, path = call.request.path_info.removesuffix(_SUFFIX), unquote_to_bytes(path.lstrip("/")).decode("latin-1")
    body = b"" if single.body is None else json.dumps(single.body).encode()
    environ = {
        **call.request.META,
        "REQUEST_METHOD": single.method.upper(),
        "PATH_INFO": f"{version}/{path}",
        "QUERY_STRING": query.encode().decode("latin-1"),  # as servers hand it on; it may hold any letter
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    request = WSGIRequest(environ)
    calls_as(request, call.caller)
    return request


OPERATIONS = [Operation("POST", _SUFFIX.lstrip("/"), batch, frozenset(P))]
