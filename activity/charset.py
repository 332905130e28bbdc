"""Requests in UTF-8 only."""

import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase


class Utf8Middleware:
    """Refuses other character sets, whatever the content type.

    Django takes the one a request names for reading its parameters: Python's own pseudo encodings among them, which
    fail, or make text that can be stored nowhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("Requests must be encoded in UTF-8.")
        return self.get_response(request)
