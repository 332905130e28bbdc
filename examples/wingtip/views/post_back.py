"""The page that posts an answer to the service: by script, or by its button."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def post_back(request: HttpRequest, address: str, fields: dict[str, str]) -> HttpResponse:
    """Its form may go to this one origin and to no other."""
    parts = urlsplit(address)
    context = {"address": address, "fields": fields, "host": parts.netloc}
    response: Any = render(request, "wingtip/post_back.html", context)
    response._csp_replace = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}
    response["Cache-Control"] = "no-store"
    return response  # type: ignore[no-any-return]
