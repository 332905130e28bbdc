"""Logs portal operations (requirement Q10)."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from activity.writer import write


class OperationLogMiddleware:
    """Stands outside the access middleware and writes before the answer leaves, so no answered request is lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        operation = getattr(request, "operation", None)
        if operation is not None and response.status_code < HTTPStatus.BAD_REQUEST:
            write(operation.entry(request.path))
        return response
