"""The OData query options that are used: `$select`, `$filter`, `$orderby`, `$top`, `$skiptoken`, `$count`.

`$filter` knows `eq ne gt ge lt le in`, `startswith`, `and`, `or`, `not` and parentheses over the fields an operation
lists. Everything else is a 400 that names what was not understood: ignored, it would answer another question.
"""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from entra.graph.errors import GraphError
from entra.graph.filters import Field, parse_filter

M = TypeVar("M", bound=Model)
Shape = Callable[[Any], dict[str, Any]]
USUAL, MOST = 100, 999
_KNOWN = frozenset({"$select", "$filter", "$orderby", "$top", "$skiptoken", "$count", "$expand"})


@dataclass(frozen=True)
class Query:
    select: tuple[str, ...]
    where: Q
    order: str
    column: str
    descending: bool
    top: int
    after: tuple[Any, str] | None
    count: bool


def read(request: HttpRequest, fields: Mapping[str, Field], *, order: str = "id", most: int = MOST) -> Query:
    """Return the options of a request, checked against the fields of the resource. Raises GraphError.

    `most` rows are on a page at most: 999 of directory objects, as in Graph.
    """
    given = request.GET
    if unknown := sorted(name for name in given if name.startswith("$") and name not in _KNOWN):
        raise GraphError.bad_request(f"The query option {unknown[0]} is not supported here.")
    by, _space, direction = given.get("$orderby", order).strip().partition(" ")
    if by not in fields or direction.strip() not in {"", "asc", "desc"}:
        raise GraphError.bad_request(f"$orderby: {given.get('$orderby')!r} is not supported.")
    return Query(
        select=tuple(name.strip() for name in given.get("$select", "").split(",") if name.strip()),
        where=parse_filter(given["$filter"], fields) if given.get("$filter") else Q(),
        order=by,
        column=fields[by].column,
        descending=direction.strip() == "desc",
        top=_top(given.get("$top"), most),
        after=_after(given.get("$skiptoken"), fields[by]),
        count=given.get("$count") == "true",
    )


def selected(shape: dict[str, Any], select: Iterable[str]) -> dict[str, Any]:
    """Only the properties asked for; all of them when none is named. An unknown name is an error."""
    names = tuple(select)
    if unknown := [name for name in names if name not in shape]:
        raise GraphError.bad_request(f"$select: there is no property '{unknown[0]}'.")
    return {name: shape[name] for name in names} if names else shape


def collection(request: HttpRequest, query: Query, rows: "QuerySet[M]", shape: Shape) -> dict[str, Any]:
    """One page of `rows` as a Graph collection, with the link to the next one. Continues by key, not by offset."""
    matching = rows.filter(query.where)
    page: dict[str, Any] = {}
    if query.count:
        page["@odata.count"] = matching.count()
    sign = "-" if query.descending else ""
    ordered = matching.filter(_beyond(query)).order_by(f"{sign}{query.column}", f"{sign}pk")
    found = list(ordered[: query.top + 1])
    page["value"] = [selected(shape(row), query.select) for row in found[: query.top]]
    if len(found) > query.top:
        page["@odata.nextLink"] = _next_link(request, query, found[query.top - 1])
    return page


def whole(request: HttpRequest, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A short list, answered at once. Of the query options it knows `$select` and `$count`."""
    if unknown := sorted(name for name in request.GET if name.startswith("$") and name not in {"$select", "$count"}):
        raise GraphError.bad_request(f"The query option {unknown[0]} is not supported here.")
    names = [name.strip() for name in request.GET.get("$select", "").split(",") if name.strip()]
    page: dict[str, Any] = {"@odata.count": len(rows)} if request.GET.get("$count") == "true" else {}
    return {**page, "value": [mixed(row, names) for row in rows]}


def mixed(shape: dict[str, Any], select: Iterable[str]) -> dict[str, Any]:
    """As `selected`, in a list of several types: each row has its type, and of the properties those it knows."""
    names = {"@odata.type", *select}
    return shape if len(names) == 1 else {name: value for name, value in shape.items() if name in names}


def _top(text: str | None, most: int) -> int:
    if text is None:
        return USUAL
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise GraphError.bad_request(f"$top has to be a number from 1 to {most}.")
    return int(text)


def _beyond(query: Query) -> Q:
    if query.after is None:
        return Q()
    value, pk = query.after
    step = "lt" if query.descending else "gt"
    return Q(**{f"{query.column}__{step}": value}) | Q(**{query.column: value, f"pk__{step}": pk})


def _after(token: str | None, field: Field) -> tuple[Any, str] | None:
    if token is None:
        return None
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(token.encode()))
        value = _READ[field.kind](value)
        UUID(pk)
    except (ValueError, TypeError, AttributeError) as error:
        raise GraphError.bad_request("$skiptoken is not one of ours. Start again without it.") from error
    return value, pk


def _text(value: object) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    value.encode()  # half of a character is no text
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _moment(value: str) -> datetime:
    moment = parse_datetime(value)
    if moment is None:
        raise ValueError(value)
    return moment


_READ: dict[type, Callable[[Any], Any]] = {str: _text, int: int, bool: _flag, datetime: _moment, UUID: UUID}


def _next_link(request: HttpRequest, query: Query, last: Model) -> str:
    value = last
    for part in query.column.split("__"):
        value = getattr(value, part)
    raw = value.isoformat() if isinstance(value, datetime) else value
    token = base64.urlsafe_b64encode(json.dumps([raw, str(last.pk)], default=str).encode()).decode()
    given = {name: request.GET[name] for name in request.GET if name != "$skiptoken"}
    return f"{request.build_absolute_uri(request.path)}?{urlencode({**given, '$skiptoken': token})}"
