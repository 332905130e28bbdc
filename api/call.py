"""One authorized call, and reading what it says: parameters, body, precondition."""

import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.http import HttpRequest

from api.caller import Caller
from api.faults import Code, Fault, bad_input, not_found, stale
from api.registry import Operation

LARGEST_BODY = 1_000_000
_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    request: HttpRequest
    operation: Operation
    caller: Caller
    parts: dict[str, str]
    locale: str = "en-US"

    def guid(self, name: str, what: str) -> UUID:
        """A GUID of the path. One that cannot be anybody's is not found."""
        try:
            return UUID(self.parts[name])
        except ValueError as error:
            raise not_found(what) from error

    def code(self, name: str) -> str:
        """A catalog identifier of the path, in the capitals that the catalog has."""
        return self.parts[name].replace("\x00", "").upper()

    def text(self, name: str, default: str = "") -> str:
        """A parameter of the query, without NUL: PostgreSQL takes none in a comparison."""
        given = self.given(name)
        return (default if given is None else given).replace("\x00", "")

    def given(self, name: str) -> str | None:
        """A parameter of the query as it was sent, its name in any case; None where it was not."""
        query = self.request.GET
        if name in query:
            return query[name]
        return next((query[each] for each in query if each.lower() == name.lower()), None)

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        """A whole number of the query. Raises Fault."""
        given = self.given(name)
        if given is None or given == "":
            return default
        if not _NUMBER.fullmatch(given) or not least <= int(given) <= most:
            raise bad_input(f"{name} has to be a whole number from {least} to {most}.", name)
        return int(given)

    def body(self, kind: type[T]) -> T:
        """The body as this struct. Names may start with a capital, and what is not known is passed over, as clients
        send back whole resources. Raises Fault, naming the field that is wrong."""
        raw = self.request.body.removeprefix(BOM_UTF8)
        if len(raw) > LARGEST_BODY:
            raise too_large()
        try:
            return msgspec.convert(_in_camel_case(msgspec.json.decode(raw)), kind)
        except msgspec.ValidationError as error:
            reason, _at, where = str(error).partition(" - at ")
            field = where.strip("`").removeprefix("$").removeprefix(".")
            raise bad_input(f"{field or 'The body'}: {reason}.", *([field] if field else [])) from error
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise bad_input("The body is not valid JSON.") from error

    def require_etag(self, current: str) -> None:
        """`If-Match` has to be sent, and to name the version that is changed. Raises Fault."""
        if not self.names_version(current):
            raise Fault(
                HTTPStatus.PRECONDITION_REQUIRED,
                Code.BAD_INPUT,
                "Send the resource's ETag in If-Match, so that nobody else's change is overwritten.",
                data=("If-Match",),
            )

    def names_version(self, current: str) -> bool:
        """Whether `If-Match` is sent; where it is, it has to name this version (RFC 9110 section 13.1.1).

        Raises Fault.
        """
        given = self.request.headers.get("If-Match", "").strip()
        if given in {"", "*"}:
            return bool(given)
        if current not in {part.strip().removeprefix("W/").strip('"') for part in given.split(",")}:
            raise stale()
        return True


def too_large() -> Fault:
    return Fault(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Code.BAD_INPUT, f"The body is larger than {LARGEST_BODY} bytes.")


def _in_camel_case(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _in_camel_case(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_in_camel_case(item) for item in value]
    return value
