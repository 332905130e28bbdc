"""`filter=`: URL-encoded JSON `{"Field": …, "Value": …, "Operator": …}`, as the API's clients send it."""

from collections.abc import Mapping
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


Columns = Mapping[tuple[str, str], str]
"""(field, operator), both in lower case, → a lookup. One ending in `search_text__…` compares folded text."""


def narrowed(call: Call, columns: Columns) -> Q | None:
    """The condition that the call asks for, None where it asks for none. Raises Fault naming what is possible."""
    given = call.text("filter")
    if not given:
        return None
    try:
        asked = msgspec.json.decode(given, type=Condition)
    except msgspec.MsgspecError as error:
        example = '{"Field":"CompanyName","Value":"four","Operator":"starts_with"}'
        raise bad_input(f"filter has to be JSON such as {example}.", "filter") from error
    lookup = columns.get((asked.field.lower(), asked.operator.lower()))
    if lookup is None:
        possible = ", ".join(f"{field} {operator}" for field, operator in columns)
        raise bad_input(f"filter takes these fields and operators: {possible}.", "filter")
    return Q(**{lookup: _compared(lookup, asked.value)})


def _compared(lookup: str, value: str) -> Any:
    value = value.replace("\x00", "")
    return folded(value) if lookup.startswith("search_text") else value
