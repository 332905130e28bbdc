"""The OpenAPI 3.1 document, made from the registry and its structs: what it says is what is enforced."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from django.conf import settings

from accounts.roles import Role
from api.faults import FaultBody
from api.operations import OPERATIONS
from api.registry import Edition, Operation

_PART = re.compile(r"{(\w+)}")
_REF = "#/components/schemas/{name}"
_REFUSALS = {
    "400": "The call is wrong: `description` says what, `data` names the fields.",
    "401": "The token is missing, does not count, or lacks MFA (code 900421).",
    "403": "The role is not allowed (900150), or the operation takes no application-only token (900329).",
    "404": "Not found, or of another partner.",
    "405": "The resource does not take this method.",
    "406": "The answer's media type is not accepted.",
    "409": "Something in the way: it exists already, or is in use.",
    "412": "The ETag in If-Match is no longer valid.",
    "413": "The body is too large.",
    "428": "If-Match is needed.",
    "429": "Too many calls in this minute; Retry-After says how long to wait.",
    "503": "The directory cannot be reached.",
}
_HEADERS = (
    ("MS-CorrelationId", "Found again in the answer and in the log."),
    ("MS-RequestId", "A change repeated with the same one is made once."),
    ("X-Locale", "Language of the descriptions, such as ja-JP."),
    ("ValidateMfa", "`true`: the answer says in isMfaCompliant whether the token carries MFA."),
)


@lru_cache(maxsize=2)
def document(server: str, edition: Edition) -> dict[str, Any]:
    """Return the document for an API at this address, in this edition of the rules (A5)."""
    types = {kind for row in OPERATIONS for kind in (row.takes, *row.gives_one_of) if kind is not None} | {FaultBody}
    ordered = sorted(types, key=str)
    schemas, components = msgspec.json.schema_components(ordered, ref_template=_REF)
    by_type = dict(zip(ordered, schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Partner Center REST API",
            "version": "v1",
            "description": "Operations of a partner on its customers. Every call of a person (App+User) needs a token"
            " whose `amr` contains `mfa`.",
        },
        "servers": [{"url": server}],
        "security": [{"bearer": []}],
        "paths": _paths(OPERATIONS, by_type, edition),
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def configured() -> dict[str, Any]:
    return document(settings.PORTAL_URL, Edition(settings.API_EDITION))


def _paths(operations: Iterable[Operation], by_type: dict[Any, Any], edition: Edition) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for row in operations:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row, by_type, edition)
    return paths


def _operation(row: Operation, by_type: dict[Any, Any], edition: Edition) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation_id(row),
        "summary": row.summary,
        "tags": [row.subject.value],
        "parameters": [*_path_parameters(row), *_query_parameters(row), *_header_parameters(row)],
        "responses": _responses(row, by_type),
        "x-auth": "both" if row.takes_app_only(edition) else "app+user",
        "x-roles": sorted(role.value for role in row.roles),
        "x-mfa": row.mfa,
        "x-gdap-role": row.gdap,
    }
    if row.takes is not None:
        content = {"application/json": {"schema": by_type[row.takes]}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def operation_id(row: Operation) -> str:
    """`get_customers_customer_id`: unique, since method and path are."""
    return f"{row.method.lower()}_{re.sub(r'[^a-zA-Z0-9]+', '_', f'{row.prefix}/{row.template}').strip('_').lower()}"


def _path_parameters(row: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in _PART.findall(row.template)
    ]


def _query_parameters(row: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "in": "query",
            "required": each.required,
            "description": each.about,
            "schema": dict(each.schema),
        }
        for each in row.query
    ]


def _header_parameters(row: Operation) -> list[dict[str, Any]]:
    headers: Sequence[tuple[str, str]] = _HEADERS
    if row.if_match:
        headers = (*headers, ("If-Match", "The ETag of the resource as it was read."))
    return [
        {"name": name, "in": "header", "required": False, "description": about, "schema": {"type": "string"}}
        for name, about in headers
    ]


def _responses(row: Operation, by_type: dict[Any, Any]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": row.status.phrase}
    if kinds := [by_type[kind] for kind in row.gives_one_of]:
        schema = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
        good["content"] = {row.media_type: {"schema": schema}}
    elif row.media_type != "application/json":
        good["content"] = {row.media_type: {}}
    fault = {"application/json": {"schema": by_type[FaultBody]}}
    refused = {status: {"description": about, "content": fault} for status, about in _REFUSALS.items()}
    return {str(int(row.status)): good, **refused}


def role_labels(row: Operation) -> list[str]:
    return [str(role.label) for role in Role if role in row.roles]


def as_json() -> bytes:
    return msgspec.json.format(msgspec.json.encode(configured()), indent=2)
