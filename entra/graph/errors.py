"""Errors as Microsoft Graph words them: a code for programs, a message for people, ids to find the request by."""

import uuid
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.utils import timezone


@dataclass(eq=False)  # not frozen: context managers set the traceback of what passes through them
class GraphError(Exception):
    """Raised by operations; answered as JSON. Messages are for developers and not translated."""

    status: HTTPStatus
    code: str
    message: str

    @classmethod
    def bad_request(cls, message: str) -> "GraphError":
        return cls(HTTPStatus.BAD_REQUEST, "Request_BadRequest", message)

    @classmethod
    def not_found(cls, what: str) -> "GraphError":
        """Also for what belongs to another tenant: nobody learns that it exists."""
        return cls(HTTPStatus.NOT_FOUND, "Request_ResourceNotFound", f"Resource '{what}' does not exist.")

    @classmethod
    def conflict(cls, message: str) -> "GraphError":
        return cls(HTTPStatus.CONFLICT, "Request_MultipleObjectsWithSameKeyValue", message)

    @classmethod
    def lockout(cls, message: str) -> "GraphError":
        """The change would have locked the tenant's administrators out; nothing was changed."""
        return cls(HTTPStatus.BAD_REQUEST, "Lockout_Prevented", message)

    @classmethod
    def failed(cls) -> "GraphError":
        return cls(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalServerError", "The call failed. Try it again later.")

    @classmethod
    def denied(cls, message: str) -> "GraphError":
        return cls(HTTPStatus.FORBIDDEN, "Authorization_RequestDenied", message)


def answered(request: HttpRequest, error: GraphError) -> JsonResponse:
    inner = {
        "date": timezone.now().strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": str(uuid.uuid4()),
        "client-request-id": request.headers.get("client-request-id", "")[:64],
    }
    body = {"error": {"code": error.code, "message": error.message, "innerError": inner}}
    response = JsonResponse(body, status=error.status)
    if error.status is HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return response
