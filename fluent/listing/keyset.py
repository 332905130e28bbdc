"""Continuation tokens: a place in an ordered list that stays right when rows are inserted or removed.

A token names the row it stands beside by the value sorted by and the primary key, never by a count of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q, QuerySet

M = TypeVar("M", bound=Model)


class TokenUnusable(Exception):
    """The token was altered, or belongs to another list or another order."""


@dataclass(frozen=True)
class Order:
    """A field path and a direction; ties are broken by primary key in the same direction."""

    path: str
    descending: bool = False

    def by(self, *, backwards: bool) -> tuple[str, str]:
        sign = "-" if self.descending != backwards else ""
        return f"{sign}{self.path}", f"{sign}pk"

    def beyond(self, value: Any, pk: Any, *, backwards: bool) -> Q:
        """Rows after the given one in this order; before it when `backwards`."""
        operator = "lt" if self.descending != backwards else "gt"
        # The first condition repeats what follows from the second: it lets the index range start at the value.
        return Q(**{f"{self.path}__{operator}e": value}) & (
            Q(**{f"{self.path}__{operator}": value}) | Q(**{self.path: value, f"pk__{operator}": pk})
        )


def _field_at(model: type[Model], path: str) -> "Field[Any, Any]":
    *relations, name = path.split("__")
    for relation in relations:
        related = model._meta.get_field(relation).related_model
        if not isinstance(related, type):
            raise FieldDoesNotExist(path)
        model = related
    field = model._meta.get_field(name)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(path)
    return field


def _value_at(row: Model, path: str) -> Any:
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value


def token(row: Model, order: Order, *, salt: str) -> str:
    value = _value_at(row, order.path)
    shown = value.isoformat() if hasattr(value, "isoformat") else value
    return signing.dumps([order.path, order.descending, shown, str(row.pk)], salt=salt)


def position(text: str, model: type[Model], order: Order, *, salt: str) -> tuple[Any, Any]:
    """The value and primary key a token stands for. Raises TokenUnusable."""
    try:
        path, descending, value, pk = signing.loads(text, salt=salt)
        if Order(path, descending) != order:
            raise TokenUnusable
        return _field_at(model, order.path).to_python(value), model._meta.pk.to_python(pk)
    except (signing.BadSignature, ValidationError, ValueError, TypeError) as error:
        raise TokenUnusable from error


def take(
    rows: QuerySet[M], order: Order, size: int, *, at: tuple[Any, Any] | None, backwards: bool
) -> tuple[Sequence[M], bool]:
    """At most `size` rows in the list's own order, and whether there are more in the direction read. One query."""
    if at is not None:
        rows = rows.filter(order.beyond(*at, backwards=backwards))
    found = list(rows.order_by(*order.by(backwards=backwards))[: size + 1])
    more = len(found) > size
    found = found[:size]
    return (found[::-1] if backwards else found), more
