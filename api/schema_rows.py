"""A JSON schema as rows of a table: one a field, nested ones with dots."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SchemaRow:
    name: str
    type: str
    required: bool


def rows_of(content: Mapping[str, Any], document: Mapping[str, Any]) -> list[SchemaRow]:
    """The fields of the JSON in an OpenAPI `content` object; none where there is no JSON."""
    schema = content.get("application/json", {}).get("schema")
    if not schema:
        return []
    kinds = schema.get("anyOf", [schema])
    return list(dict.fromkeys(row for kind in kinds for row in _fields(kind, document, "", frozenset())))


def _fields(
    schema: Mapping[str, Any], document: Mapping[str, Any], before: str, above: frozenset[str]
) -> Iterator[SchemaRow]:
    reference = schema.get("$ref", "")
    if reference in above:  # a shape that contains itself
        return
    resolved, above = _resolved(schema, document), above | {reference}
    for name, field in resolved.get("properties", {}).items():
        inner = _resolved(field, document)
        yield SchemaRow(f"{before}{name}", _type(inner), name in resolved.get("required", ()))
        items = inner.get("items", {})
        if inner.get("type") == "array" and isinstance(items, dict):
            yield from _fields(items, document, f"{before}{name}[].", above)
        else:
            yield from _fields(field, document, f"{before}{name}.", above)


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Mapping[str, Any] = document["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _type(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(str(part.get("type", "object")) for part in schema["anyOf"])
    return str(schema.get("type", "any"))
