"""Says so when the service's metadata cannot be read, instead of failing."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from examples.wingtip.service import ServiceUnknown


class ServiceUnknownMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ServiceUnknown):
            return None
        return render(request, "wingtip/unreachable.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
