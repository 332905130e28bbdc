"""Programs pass by what is there for pages: languages, cookies, messages, content security policy."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase
from django.urls import Resolver404, resolve

_ADDRESSES = "entra.oauth.token_urls"


class ShortWayMiddleware:
    """Stands after the middlewares that every request has to pass, and calls the token endpoint at once.

    Its view uses no session, writes in no language, and says itself how long its answer is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.endswith("/token"):
            return self.get_response(request)
        try:
            match = resolve(request.path_info, _ADDRESSES)
            request.get_host()
        except Resolver404:
            return self.get_response(request)
        except DisallowedHost:
            return HttpResponseBadRequest()
        request.resolver_match = match
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        return response
