"""Where a partner's service hears of changes, and what became of a test."""

from datetime import datetime

from api.structs.base import Shape


class NewRegistration(Shape, frozen=True):
    webhook_url: str
    webhook_events: list[str]
    signature_token_to_ms_signature_header: bool | None = None


class Registration(Shape, frozen=True):
    subscriber_id: str
    webhook_url: str
    webhook_events: list[str]
    signature_token_to_ms_signature_header: bool
    last_modified_timestamp: datetime


class TestSent(Shape, frozen=True):
    correlation_id: str


class Result(Shape, frozen=True):
    response_code: str
    response_message: str
    system_error: bool
    date_time_utc: datetime


class ValidationEvent(Shape, frozen=True):
    """`status`: pending, completed or failed."""

    correlation_id: str
    partner_id: str
    status: str
    callback_url: str
    results: list[Result]
