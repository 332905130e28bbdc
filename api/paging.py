"""The two ways in which the API pages: by continuation token (seek), and by offset."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, QuerySet
from msgspec import UNSET

from api.call import Call
from api.faults import Fault, bad_input
from api.registry import Query
from api.structs.base import Collection, Header, Link, Links
from fluent.listing import keyset

T = TypeVar("T")
R = TypeVar("R")
CONTINUATION = "MS-ContinuationToken"
_INTEGER = (("type", "integer"), ("minimum", 1))
SEEK = (
    Query("size", "How many at most.", (*_INTEGER, ("maximum", 500))),
    Query("seekOperation", "Next, together with the header MS-ContinuationToken.", (("enum", ["Next", "First"]),)),
)
OFFSET = (
    Query("size", "How many at most.", (*_INTEGER, ("maximum", 500))),
    Query("offset", "How many to pass over.", (("type", "integer"), ("minimum", 0))),
)


Place = tuple[Any, Any]
Reader = Callable[[Place | None, int], tuple[Sequence[Any], int]]
"""From a place in the list, or None, and how many rows at most to those after it, and how many there are in all."""


def seek(
    call: Call,
    rows: "QuerySet[Any, Any]",
    order: keyset.Order,
    shown: Callable[[Any], T],
    *,
    total: int,
    default: int = 100,
    most: int = 500,
    kept: Sequence[str] = ("filter",),
) -> Collection[T]:
    """One page of rows with the attributes `pk` and the field ordered by. It costs the same however far it is.

    `kept` are the parameters that the link to the next page repeats. Raises Fault.
    """

    def read(at: Place | None, many: int) -> tuple[Sequence[Any], int]:
        return keyset.take(rows, order, many, at=at, backwards=False)[0], total

    return seek_with(call, read, rows.model, order, shown, default=default, most=most, kept=kept)


def seek_with(
    call: Call,
    read: Reader,
    model: type[Model],
    order: keyset.Order,
    shown: Callable[[Any], T],
    *,
    default: int = 100,
    most: int = 500,
    kept: Sequence[str] = ("filter",),
) -> Collection[T]:
    """The same, of rows that `read` fetches."""
    size = call.number("size", default=default, least=1, most=most)
    salt = _salt(call)
    found, total = read(_place(call, model, order, salt), size + 1)
    items = [shown(row) for row in found[:size]]
    onward = keyset.token(found[size - 1], order, salt=salt) if len(found) > size else ""
    return _page(call, items, onward, total=total, size=size, kept=kept)


def seek_in(
    call: Call,
    rows: Sequence[R],
    place: Callable[[R], str],
    shown: Callable[[Sequence[R]], list[T]],
    *,
    default: int = 100,
    most: int = 500,
    kept: Sequence[str] = ("filter",),
) -> Collection[T]:
    """The same of rows that are computed, in the order of the place that each has. `shown` is given the page."""
    size = call.number("size", default=default, least=1, most=most)
    salt = _salt(call)
    token = _asked(call)
    try:
        after = signing.loads(token, salt=salt) if token is not None else ""
    except signing.BadSignature as error:
        raise _unusable() from error
    if not isinstance(after, str):  # of a list that is not computed
        raise _unusable()
    left = [row for row in rows if place(row) > after]
    onward = signing.dumps(place(left[size - 1]), salt=salt) if len(left) > size else ""
    return _page(call, shown(left[:size]), onward, total=len(rows), size=size, kept=kept)


def _salt(call: Call) -> str:
    return f"api.{call.operation.template}:{call.caller.tenant_id}"


def _page(call: Call, items: list[T], token: str, *, total: int, size: int, kept: Sequence[str]) -> Collection[T]:
    """`token` leads on; the last page has none."""
    given = _given(call, kept)
    here = Link(uri=_uri(call, size=size, **given))
    if not token:
        return Collection(total_count=total, items=items, links=Links(self_=here))
    onward = Link(
        uri=_uri(call, size=size, **given, seekOperation="Next"), headers=[Header(key=CONTINUATION, value=token)]
    )
    return Collection(total_count=total, items=items, links=Links(self_=here, next=onward), continuation_token=token)


def _place(call: Call, model: type[Model], order: keyset.Order, salt: str) -> Place | None:
    token = _asked(call)
    try:
        return keyset.position(token, model, order, salt=salt) if token is not None else None
    except keyset.TokenUnusable as error:
        raise _unusable() from error


def _asked(call: Call) -> str | None:
    """The token that the call brings; None where it starts at the beginning. Raises Fault."""
    given = call.given("seekOperation")
    wanted = (given or "").lower()
    if given is not None and wanted not in {"first", "next"}:
        raise bad_input("seekOperation has to be Next or First.", "seekOperation")
    token = call.request.headers.get(CONTINUATION, "") or call.text("continuationToken")
    if wanted == "first" or not (wanted or token):
        return None
    return token


def _unusable() -> Fault:
    return bad_input(
        f"The header {CONTINUATION} does not hold this list's continuation token. Start without seekOperation.",
        CONTINUATION,
    )


def offset(
    call: Call,
    rows: "QuerySet[Any, Any]",
    shown: Callable[[Any], T],
    *,
    total: int,
    default: int = 100,
    most: int = 500,
    kept: Sequence[str] = ("filter",),
) -> Collection[T]:
    """One page by count of rows passed over, with links to the next and the previous page. Raises Fault."""
    size = call.number("size", default=default, least=1, most=most)
    start = call.number("offset", default=0, least=0, most=1_000_000)
    found = list(rows[start : start + size + 1])
    given = _given(call, kept)

    def link(at: int) -> Link:
        return Link(uri=_uri(call, size=size, offset=at, **given))

    return Collection(
        total_count=total,
        items=[shown(row) for row in found[:size]],
        links=Links(
            self_=link(start),
            next=link(start + size) if len(found) > size else UNSET,
            previous=link(max(0, start - size)) if start else UNSET,
        ),
    )


def _given(call: Call, names: Sequence[str]) -> dict[str, str]:
    return {name: given for name in names if (given := call.given(name)) is not None}


def _uri(call: Call, **parameters: Any) -> str:
    """Relative to the version, as clients expect: they put the version before it."""
    path = call.request.path.removeprefix(f"/{call.operation.prefix}")
    return f"{path}?{urlencode(parameters)}"
