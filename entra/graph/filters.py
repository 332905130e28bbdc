"""`$filter` expressions as database conditions: by recursive descent (OData 4.01 part 2, 5.1.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from entra.graph.errors import GraphError

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<moment>\d{4}-\d\d-\d\dT[\d:.]+Z)|(?P<mark>[(),])|(?P<word>[A-Za-z0-9_/.-]+))"
)
_LOOKUP = {"eq": "", "gt": "__gt", "ge": "__gte", "lt": "__lt", "le": "__lte"}
_DEEPEST = 20
_LONGEST = 2000


@dataclass(frozen=True)
class Field:
    """A property that may be filtered by: its column, its Python type, and other spellings of stored values."""

    column: str
    kind: type = str
    values: Mapping[str, Any] = field(default_factory=dict)
    """Graph's value → the stored one; when given, no other value matches."""


def parse_filter(text: str, fields: Mapping[str, Field]) -> Q:
    """Return the condition. Raises GraphError for what is not understood, naming it."""
    if len(text) > _LONGEST:
        raise GraphError.bad_request(f"$filter is longer than {_LONGEST} characters.")
    parser = _Parser(_tokens(text), fields)
    condition = parser.any_of(0)
    if parser.peek() != ("end", ""):
        raise GraphError.bad_request(f"$filter: unexpected '{parser.peek()[1]}'.")
    return condition


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise GraphError.bad_request(f"$filter: '{text[at:].strip()[:20]}' is not understood.")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return [*found, ("end", "")]


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], fields: Mapping[str, Field]) -> None:
        self._tokens, self._fields, self._at = tokens, fields, 0

    def peek(self) -> tuple[str, str]:
        return self._tokens[self._at]

    def _next(self) -> tuple[str, str]:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _take(self, mark: str) -> None:
        if (token := self._next())[1] != mark:
            raise GraphError.bad_request(f"$filter: '{mark}' is expected before '{token[1] or 'the end'}'.")

    def any_of(self, depth: int) -> Q:
        condition = self._all_of(depth)
        while self.peek() == ("word", "or"):
            self._next()
            condition |= self._all_of(depth)
        return condition

    def _all_of(self, depth: int) -> Q:
        condition = self._one(depth)
        while self.peek() == ("word", "and"):
            self._next()
            condition &= self._one(depth)
        return condition

    def _one(self, depth: int) -> Q:
        if depth > _DEEPEST:
            raise GraphError.bad_request("$filter is nested too deeply.")
        if self.peek() == ("word", "not"):
            self._next()
            return ~self._one(depth + 1)
        if self.peek() == ("mark", "("):
            self._next()
            condition = self.any_of(depth + 1)
            self._take(")")
            return condition
        if self.peek() == ("word", "startswith"):
            return self._starts_with()
        return self._comparison()

    def _starts_with(self) -> Q:
        self._next()
        self._take("(")
        known = self._field()
        self._take(",")
        kind, text = self._next()
        if kind != "text" or known.kind is not str or known.values:
            raise GraphError.bad_request("$filter: startswith compares a text property with a text in quotes.")
        self._take(")")
        return Q(**{f"{known.column}__istartswith": _unquoted(text)})

    def _comparison(self) -> Q:
        known = self._field()
        _kind, word = self._next()
        if word == "in":
            return self._in(known)
        negated = word == "ne"
        lookup = _LOOKUP.get("eq" if negated else word)
        if lookup is None:
            raise GraphError.bad_request(f"$filter: '{word}' is no comparison that is known here.")
        if word in {"eq", "ne"} and self.peek() == ("word", "null"):
            self._next()
            return Q(**{f"{known.column}__isnull": not negated})
        condition = _compared(known, lookup, self._value(known))
        return ~condition if negated else condition

    def _in(self, known: Field) -> Q:
        self._take("(")
        values = [self._value(known)]
        while self.peek() == ("mark", ","):
            self._next()
            values.append(self._value(known))
        self._take(")")
        condition = Q()
        for value in values:
            condition |= _compared(known, "", value)
        return condition

    def _field(self) -> Field:
        _kind, name = self._next()
        if name not in self._fields:
            raise GraphError.bad_request(f"$filter: the property '{name}' cannot be filtered by.")
        return self._fields[name]

    def _value(self, known: Field) -> Any:
        kind, text = self._next()
        value = _unquoted(text) if kind == "text" else _CONSTANTS.get(text)
        if known.values:
            return known.values.get(str(value), _NOTHING)
        try:
            if known.kind is datetime and kind == "moment":
                value = parse_datetime(text)
            elif known.kind is UUID:
                value = UUID(value or text)
            elif known.kind is int and kind == "word":
                value = int(text)
        except ValueError:
            return _NOTHING
        if not isinstance(value, known.kind):
            raise GraphError.bad_request(f"$filter: {text} has the wrong type.")
        return value


_NOTHING = object()
_CONSTANTS: dict[str, Any] = {"true": True, "false": False}


def _compared(known: Field, lookup: str, value: Any) -> Q:
    if value is _NOTHING:
        return Q(pk__in=[])
    exact = "__iexact" if known.kind is str and not known.values and not lookup else lookup
    return Q(**{f"{known.column}{exact}": value})


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")
