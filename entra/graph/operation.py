"""One row per operation of the directory API: who may call it, and the function that answers.

The registry drives routing and enforcement: a path in no row is 404, and nothing is answered before
`authorize` has weighed the token's permission and, for a signed-in user, the user's own directory roles.
"""

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from entra.apps.models import Application
from entra.apps.permissions import GraphPermission as P
from entra.directory.administration import Refusal, Refused
from entra.directory.models import DirectoryRole, Tenant, User, UserType
from entra.directory.services import role_template_ids
from entra.graph.errors import GraphError, answered
from entra.oauth.bearer import PresentedApplication, presented, token_in_header

T = TypeVar("T", bound=msgspec.Struct)
_LARGEST_BODY = 1_000_000
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # PostgreSQL stores none


class Need(Enum):
    """Which directory role a signed-in user must hold; a permission alone never widens what a person may do."""

    NOBODYS = frozenset[str]()
    """Any member of the tenant. Guests see themselves only, which the operation checks."""
    SECURITY = frozenset({DirectoryRole.GLOBAL_ADMINISTRATOR.value, DirectoryRole.SECURITY_ADMINISTRATOR.value})
    GLOBAL = frozenset({DirectoryRole.GLOBAL_ADMINISTRATOR.value})


@dataclass(frozen=True)
class Caller:
    """Who is calling: an application for a signed-in `account`, or by itself (`account` is None)."""

    tenant: Tenant
    application: Application
    account: User | None
    permissions: frozenset[str]
    roles: frozenset[str]
    amr: tuple[str, ...] = ()

    @property
    def actor(self) -> str:
        """Who stands in the audit log as having done it."""
        return str(self.account.pk if self.account else self.application.pk)

    @property
    def is_guest(self) -> bool:
        return self.account is not None and self.account.user_type == UserType.GUEST

    def holds(self, need: Need) -> bool:
        return self.account is None or not need.value or bool(need.value & self.roles)


@dataclass(frozen=True)
class Call:
    """One authorized call. `parts` are the values in the path."""

    request: HttpRequest
    caller: Caller
    parts: dict[str, str]

    def body(self) -> dict[str, Any]:
        """The JSON object of the body. Raises GraphError."""
        if len(self.request.body) > _LARGEST_BODY:
            raise GraphError.bad_request("The body is too large.")
        try:
            body = msgspec.json.decode(self.request.body or b"{}")  # strict: no half of a character gets in
        except (ValueError, RecursionError) as error:
            raise GraphError.bad_request("The body is not valid JSON.") from error
        if not isinstance(body, dict):
            raise GraphError.bad_request("The body has to be a JSON object.")
        if _NUL.search(self.request.body):
            raise GraphError.bad_request("The body holds a character that no text here may have.")
        return body

    def body_as(self, kind: type[T]) -> T:
        """The body as the properties that an operation takes. Raises GraphError, naming what is wrong."""
        try:
            return msgspec.convert(self.body(), kind)
        except msgspec.ValidationError as error:
            raise GraphError.bad_request(f"{error}.") from error


Answer = dict[str, Any] | None
"""None is 204 No Content."""


@dataclass(frozen=True)
class Operation:
    """`permissions`: any one of them will do. `app_only`: whether an application may call without a user.

    `mfa`: a signed-in user needs it in the token, so that a known password alone grants nothing to anybody (M8).
    """

    method: str
    template: str
    answer: Callable[[Call], Answer]
    permissions: frozenset[P]
    need: Need = Need.NOBODYS
    app_only: bool = True
    mfa: bool = False
    status: HTTPStatus = HTTPStatus.OK


def authorize(operation: Operation, caller: Caller) -> None:
    """Raise GraphError unless the caller may call the operation."""
    if caller.account is None and not operation.app_only:
        raise GraphError.denied("This operation needs a signed-in user.")
    if not caller.permissions & {one.value for one in operation.permissions}:
        names = ", ".join(sorted(one.value for one in operation.permissions))
        raise GraphError.denied(f"Insufficient privileges: one of the permissions {names} is needed.")
    if not caller.holds(operation.need):
        labels = ", ".join(sorted(DirectoryRole(role).label for role in operation.need.value))
        raise GraphError.denied(f"Insufficient privileges: the signed-in user needs one of the roles {labels}.")
    if operation.mfa and caller.account is not None and "mfa" not in caller.amr:
        message = "The signed-in user has to complete multifactor authentication for this."
        raise GraphError(HTTPStatus.FORBIDDEN, "Unauthorized_MissingMFA", message)


def routes(version: str, operations: Iterable[Operation]) -> list[URLPattern]:
    """One URL pattern for each template, answering the methods that have a row."""
    by_template: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_template.setdefault(operation.template, {})[operation.method] = operation
    return [path(f"{version}/{template}", _view(methods)) for template, methods in by_template.items()]


def _view(methods: dict[str, Operation]) -> Callable[..., HttpResponse]:
    @csrf_exempt  # authorized by the token alone; no cookie is looked at
    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        operation = methods.get(request.method or "")
        if operation is None:
            return HttpResponseNotAllowed(sorted(methods))
        try:
            _refuse_nul(request)
            caller = _caller(request)
            authorize(operation, caller)
            answer = operation.answer(Call(request, caller, parts))
        except GraphError as error:
            response: HttpResponse = answered(request, error)
        except Refused as refused:
            response = answered(request, _refusal(refused))
        else:
            response = _respond(operation, answer)
        response["Cache-Control"] = "no-store"
        response["request-id"] = str(uuid.uuid4())
        return response

    return view


def _refuse_nul(request: HttpRequest) -> None:
    """PostgreSQL compares no text with it. In a query it only comes percent-encoded."""
    if "\x00" in request.path_info or "%00" in request.META["QUERY_STRING"]:
        raise GraphError.bad_request("The address holds a character that no text here may have.")


def _refusal(refused: Refused) -> GraphError:
    status = HTTPStatus.NOT_FOUND if refused.reason is Refusal.NOT_A_MEMBER else HTTPStatus.BAD_REQUEST
    return GraphError(status, refused.reason.value, str(refused))


def _respond(operation: Operation, answer: Answer) -> HttpResponse:
    if answer is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return JsonResponse(answer, status=operation.status)


def calls_as(request: HttpRequest, caller: Caller) -> None:
    """Say who makes a call that is a part of another one, whose token was looked at already."""
    request.graph_caller = caller  # type: ignore[attr-defined]


def _caller(request: HttpRequest) -> Caller:
    known: Caller | None = getattr(request, "graph_caller", None)
    if known is not None:
        return known
    token = token_in_header(request) or ""
    found = presented(token)
    if found is None:
        message = "Access token is empty." if not token else "Access token has expired, was revoked or is not valid."
        raise GraphError(HTTPStatus.UNAUTHORIZED, "InvalidAuthenticationToken", message)
    if isinstance(found, PresentedApplication):
        return Caller(found.tenant, found.application, None, found.roles, frozenset())
    grant = found.grant
    return Caller(
        tenant=grant.tenant,
        application=grant.application,
        account=grant.account,
        permissions=found.scopes,
        roles=frozenset(role_template_ids(grant.account)),
        amr=tuple(grant.amr),
    )
