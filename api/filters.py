"""`filter=`: URL-encoded JSON `{"Field": …, "Value": …, "Operator": …}`, as the API's clients send it."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from django.db.models import Q

from api.call import Call
from api.faults import bad_input
from fluent.listing import folded


class Condition(msgspec.Struct, rename="pascal"):
    field: str
    value: str
    operator: str


Columns = Mapping[tuple[str, str], str | tuple[str, Callable[[str], Any]] | Callable[[str], Q]]
"""(field, operator), both in lower case, → a lookup. One ending in `search_text__…` compares folded text.

A lookup may come with what reads the value, or be a function from the value to the condition. Both raise ValueError,
saying what the value has to be.
"""


def narrowed(call: Call, columns: Columns) -> Q | None:
    """The condition that the call asks for, None where it asks for none. Raises Fault naming what is possible."""
    given = call.text("filter")
    if not given:
        return None
    try:
        asked = msgspec.json.decode(given, type=Condition)
    except (msgspec.MsgspecError, RecursionError) as error:
        example = '{"Field":"CompanyName","Value":"four","Operator":"starts_with"}'
        raise bad_input(f"filter has to be JSON such as {example}.", "filter") from error
    lookup = columns.get((asked.field.lower(), asked.operator.lower()))
    if lookup is None:
        possible = ", ".join(f"{field} {operator}" for field, operator in columns)
        raise bad_input(f"filter takes these fields and operators: {possible}.", "filter")
    value = asked.value.replace("\x00", "")
    if isinstance(lookup, str):
        return Q(**{lookup: folded(value) if "search_text" in lookup else value})
    try:
        if callable(lookup):
            return lookup(value)
        name, read = lookup
        return Q(**{name: read(value)})
    except ValueError as error:
        raise bad_input(f"filter: {asked.field} has to be {error}.", "filter") from error


def one_of(*names: str) -> Callable[[str], str]:
    """Reads one of these values, in any case."""

    def read(value: str) -> str:
        if value.lower() not in names:
            raise ValueError(f"one of {', '.join(names)}")
        return value.lower()

    return read
