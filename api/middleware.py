"""Calls of the REST API go to their view at once; what is done for pages is not done for them."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import Resolver404, ResolverMatch, get_resolver

from accounts.matrix import find_area, live_areas, segments
from api.registry import API_AREA


class ApiMiddleware:
    """Takes the paths of the access matrix's row M20 past languages, cookies, forms, sessions and static files.

    Stands after what holds for every request: proxies, security headers, character set. Whatever is not surely a
    call of the API goes on to the middleware of pages, the one of access included.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.resolver = get_resolver("api.urls")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = self._match(request.path_info)
        if match is None:
            return self.get_response(request)
        try:
            request.get_host()
        except DisallowedHost:
            return HttpResponseBadRequest()
        request.resolver_match = match
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        if not response.streaming and "Content-Length" not in response:
            response["Content-Length"] = str(len(response.content))
        return response

    def _match(self, path: str) -> ResolverMatch | None:
        parts = segments(path)
        area = find_area(live_areas(), parts) if parts else None
        if area is None or area.key != API_AREA:
            return None
        try:
            match = self.resolver.resolve(path)
        except Resolver404:
            return None
        return match if getattr(match.func, "access_area", "") == API_AREA else None
