"""Refusals as the API says them: an HTTP status, a code that clients know, and a sentence that says what to do."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus

from activity.models import NO_MFA
from api.structs.base import Shape


class Code(StrEnum):
    """Codes of the real API (design notes on its clients); `details` in the docs page of errors."""

    ACCESS_DENIED = "400"
    BAD_INPUT = "2000"
    NOT_FOUND = "1000"
    QUANTITY_WHILE_SUSPENDED = "2001"
    QUANTITY_OUT_OF_RANGE = "2002"
    SUBSCRIPTION_ENDED = "2011"
    STALE = "2055"
    NO_RELATIONSHIP = "20002"
    PARENT_NOT_ACTIVE = "27009"
    TENANT_NOT_FOUND = "60003"
    TOKEN_MISSING = "800001"
    CART_NOT_FOUND = "800008"
    CART_LINES = "800009"
    BASE_NOT_ACTIVE = "800012"
    QUANTITY_NOT_SOLD = "800017"
    NOT_FOR_SALE = "800020"
    BASE_UNRELATED = "800029"
    CART_ORDERED = "800065"
    QUANTITY_FIXED = "800095"
    STATUS_FIXED = "800096"
    ALREADY_EXISTS = "600039"
    TOO_MANY_CALLS = "429"
    MEDIA_TYPE = "406"
    METHOD = "405"
    UNEXPECTED = "500"
    DIRECTORY_UNREACHABLE = "503"
    ITEM_UNKNOWN = "900142"
    WRONG_ROLE = "900150"
    PRIVILEGES = "900308"
    APP_ONLY = "900329"
    WRONG_AUDIENCE = "900420"
    MFA_REQUIRED = NO_MFA


class FaultBody(Shape, frozen=True):
    """`data` holds what belongs to the words, such as the roles needed or the field that is wrong."""

    code: str
    description: str
    data: list[str] = []
    source: str = "PartnerCenter"


class Fault(Exception):
    """The call is refused. `reason_phrase` replaces the status line's own where HTTP/1.1 carries it."""

    def __init__(
        self,
        status: HTTPStatus,
        code: Code,
        description: str,
        *,
        data: tuple[str, ...] = (),
        headers: Mapping[str, str] | None = None,
        reason_phrase: str = "",
    ) -> None:
        super().__init__(description)
        self.status, self.code, self.description = status, code, description
        self.data, self.headers, self.reason_phrase = data, dict(headers or {}), reason_phrase

    @property
    def body(self) -> FaultBody:
        return FaultBody(code=self.code.value, description=self.description, data=list(self.data))


def bad_input(description: str, *fields: str) -> Fault:
    """400: the call cannot be understood; `fields` names what is wrong."""
    return Fault(HTTPStatus.BAD_REQUEST, Code.BAD_INPUT, description, data=fields)


def not_found(what: str) -> Fault:
    """404, also for what belongs to another partner."""
    return Fault(HTTPStatus.NOT_FOUND, Code.NOT_FOUND, f"{what} was not found.")


def conflict(description: str, *fields: str) -> Fault:
    return Fault(HTTPStatus.CONFLICT, Code.ALREADY_EXISTS, description, data=fields)


def stale() -> Fault:
    """412: somebody else changed the resource after it was read."""
    return Fault(
        HTTPStatus.PRECONDITION_FAILED,
        Code.STALE,
        "The ETag is no longer valid: the resource was changed since. Read it again and repeat the change.",
    )
