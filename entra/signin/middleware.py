"""Sends the provider session's cookie."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from entra.signin.session import write_cookie


class ProviderSessionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        write_cookie(request, response)
        return response
