"""From a request to an answer: the caller, the row, the operation, the headers, the log. No page's rules apply here."""

import logging
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from accounts.access import access_rule
from activity.operation import ApiCall
from activity.services import audited_as
from api.call import Call, too_large
from api.caller import Caller, identified
from api.faults import Code, Fault, bad_input, not_found
from api.idempotency import once
from api.injection import HEADER, MARK, inject
from api.refusal import require_allowed
from api.registry import API_AREA, Operation
from api.throttle import require_below_limit, write_counted

logger = logging.getLogger(__name__)
_encoder = msgspec.json.Encoder()
_PART = re.compile(r"{(\w+)}")
_CLEAN = re.compile(r"[\x21-\x7e]{1,64}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LOGGED_CLAIMS = ("ver", "iss", "aud", "appidacr", "acr", "amr", "auth_time", "scp", "roles", "iat", "exp", "uti")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is more than a body with the row's status."""

    body: Any = None
    status: HTTPStatus | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Exchange:
    """What becomes known on the way, for the headers and the log."""

    request_id: str
    correlation_id: str
    caller: Caller | None = None
    code: str = ""
    injected: str = ""
    """The kind of the fault that was injected, if one was."""


def routes(operations: Iterable[Operation]) -> list[URLPattern]:
    """One URL pattern a template, answering the methods that have a row."""
    by_path = _views(operations)
    return [path(_PART.sub(r"<str:\1>", each).removeprefix("/"), view) for each, view in by_path.items()]


def elsewhere(operations: Iterable[Operation]) -> Callable[..., HttpResponse]:
    """The view of all other paths: a template's in other capitals, as some clients write them, else a 404."""
    spelled = [
        (re.compile(_PART.sub(r"(?P<\1>[^/]+)", each), re.IGNORECASE), view)
        for each, view in _views(operations).items()
    ]

    @access_rule(API_AREA)
    @csrf_exempt
    def other(request: HttpRequest, rest: str = "") -> HttpResponse:
        for pattern, view in spelled:
            if found := pattern.fullmatch(request.path_info):
                return view(request, **found.groupdict())
        return nothing_here(request)

    return other


def _views(operations: Iterable[Operation]) -> dict[str, Callable[..., HttpResponse]]:
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    return {each: _view(methods) for each, methods in by_path.items()}


def _view(methods: dict[str, Operation]) -> Callable[..., HttpResponse]:
    @access_rule(API_AREA)
    @csrf_exempt  # authorized by the token alone; no cookie is looked at
    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        operation = methods.get(request.method or "")
        exchange = _Exchange(_identifier(request, "MS-RequestId"), _identifier(request, "MS-CorrelationId"))
        with translation.override(_locale(request).partition("-")[0].lower()), audited_as(exchange.correlation_id):
            try:
                if operation is None:
                    raise _method_not_allowed(methods)
                response = _answer(request, operation, parts, exchange)
            except Fault as fault:
                response = _fault_response(fault, exchange)
            except SuspiciousOperation as refused:  # Django reads no further: too long, or too many parameters
                response = _fault_response(_too_much(refused), exchange)
            except Exception:
                logger.exception("Unhandled error in %s", operation.name if operation else request.method)
                response = _fault_response(_unexpected(exchange), exchange)
        _describe(request, response, exchange)
        if operation is not None and exchange.caller is not None:
            _log(request, operation, exchange, exchange.caller, response.status_code)
        return response

    return view


def _answer(request: HttpRequest, operation: Operation, parts: dict[str, str], exchange: _Exchange) -> HttpResponse:
    if "\x00" in request.path:  # PostgreSQL takes none in a comparison
        raise not_found("The resource")
    caller = exchange.caller = identified(request.headers.get("Authorization", ""))
    require_below_limit(caller.tenant_id)
    inject(operation, caller, exchange)
    require_allowed(operation, caller)
    _require_acceptable(request, operation)
    call = Call(request, operation, caller, parts, _locale(request))
    return once(request, caller, exchange.request_id, lambda: _respond(operation, operation.answer(call)))


def _respond(operation: Operation, answer: Any) -> HttpResponse:
    if isinstance(answer, HttpResponse):
        return answer
    reply = answer if isinstance(answer, Reply) else Reply(answer)
    status = reply.status or operation.status
    body = b"" if reply.body is None else _encoder.encode(reply.body)
    response = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    for name, value in reply.headers.items():
        response[name] = value
    if reply.body is None:
        del response["Content-Type"]
    return response


def _fault_response(fault: Fault, exchange: _Exchange) -> HttpResponse:
    exchange.code = fault.code.value
    response = HttpResponse(
        _encoder.encode(fault.body), status=fault.status, content_type="application/json; charset=utf-8"
    )
    if fault.reason_phrase:
        response.reason_phrase = fault.reason_phrase
    for name, value in fault.headers.items():
        response[name] = value
    return response


_NO_PAGE = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "X-Frame-Options": "DENY"}
"""Nothing the API answers is for a browser to show."""


def _describe(request: HttpRequest, response: HttpResponse, exchange: _Exchange) -> None:
    for name, value in _NO_PAGE.items():
        response[name] = value
    response["MS-RequestId"] = exchange.request_id
    response["MS-CorrelationId"] = exchange.correlation_id
    response["Request-Context"] = f"appId=cid-v1:{settings.API_INSTANCE}"
    response["Cache-Control"] = "no-store"
    if exchange.injected:
        response[HEADER] = exchange.injected
    caller = exchange.caller
    if caller is not None and request.headers.get("ValidateMfa", "").lower() == "true":
        compliant = caller.user is None or caller.token.proves_mfa
        response["isMfaCompliant"] = "true" if compliant else "false"


def _log(request: HttpRequest, operation: Operation, exchange: _Exchange, caller: Caller, status: int) -> None:
    """Before the answer leaves, so that no answered call is missing (Q10)."""
    token, user = caller.token, caller.user
    entry = ApiCall(
        tenant_id=token.tenant_id,
        user_id=(user.oid or user.subject) if user else "",
        user_name=user.user_principal_name if user else "",
        application_id=token.application_id,
        operation=operation.name,
        path=request.path,
        ip=str(request.META.get("REMOTE_ADDR", "")),
        status=status,
        code=f"{MARK} {exchange.code}".strip() if exchange.injected else exchange.code,
        mfa=token.proves_mfa,
        request_id=exchange.request_id,
        correlation_id=exchange.correlation_id,
        claims=_logged(token.claims),
    ).entry()
    write_counted(entry, token.tenant_id)


def _logged(claims: Any) -> str:
    return _encoder.encode({name: claims[name] for name in _LOGGED_CLAIMS if name in claims}).decode()


def _identifier(request: HttpRequest, header: str) -> str:
    """The client's own identifier, so that both sides can find the call; a new one where there is none fit to keep."""
    given = request.headers.get(header, "")
    return given if _CLEAN.fullmatch(given) else str(uuid.uuid4())


def _locale(request: HttpRequest) -> str:
    """The one that the client asks for where its language is spoken here, else that of the United States."""
    wanted = request.headers.get("X-Locale", "")
    spoken = _LOCALE.fullmatch(wanted) and wanted.partition("-")[0].lower() in dict(settings.LANGUAGES)
    return wanted if spoken else "en-US"


def _require_acceptable(request: HttpRequest, operation: Operation) -> None:
    """Clients ask for JSON even where the answer is a PDF, and take it; the other way round they would not.

    What they add to the type, such as a charset, asks for nothing that JSON has.
    """
    if operation.media_type != "application/json" or not request.headers.get("Accept"):
        return
    ranges = {(each.main_type, each.sub_type) for each in request.accepted_types}
    if ranges.isdisjoint({("application", "json"), ("application", "*"), ("*", "*")}):
        raise Fault(HTTPStatus.NOT_ACCEPTABLE, Code.MEDIA_TYPE, f"This operation answers {operation.media_type} only.")


def _method_not_allowed(methods: dict[str, Operation]) -> Fault:
    allowed = ", ".join(sorted(methods))
    return Fault(
        HTTPStatus.METHOD_NOT_ALLOWED,
        Code.METHOD,
        f"This resource takes {allowed} only.",
        headers={"Allow": allowed},
    )


def _too_much(refused: SuspiciousOperation) -> Fault:
    if isinstance(refused, RequestDataTooBig):
        return too_large()
    return bad_input("The call has too many parameters, or one that cannot be read.")


def _unexpected(exchange: _Exchange) -> Fault:
    return Fault(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        Code.UNEXPECTED,
        f"Something went wrong here. Tell the operator the correlation id {exchange.correlation_id}.",
    )


def nothing_here(request: HttpRequest) -> HttpResponse:
    """A 404 that programs can read."""
    exchange = _Exchange(_identifier(request, "MS-RequestId"), _identifier(request, "MS-CorrelationId"))
    fault = Fault(HTTPStatus.NOT_FOUND, Code.NOT_FOUND, "There is no such resource; see the API's OpenAPI document.")
    response = _fault_response(fault, exchange)
    _describe(request, response, exchange)
    return response
