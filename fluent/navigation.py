"""Where to go on after a form POST: out of the origin, or back to the page that held the form."""

from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def leave(request: HttpRequest, url: str) -> HttpResponse:
    """A page that goes on to `url` by a navigation of its own, with a Continue link.

    Browsers check each redirect after a form POST against `form-action` (CSP3 section 4.2.4), so a redirect
    to another origin would be stopped; a page's own navigation is not.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = "Only http and https addresses can be continued to"
        raise SuspiciousOperation(message)
    response = render(request, "fluent/leave.html", {"url": url, "host": parts.netloc})
    response["Cache-Control"] = "no-store"  # the address may carry an authorization code
    return response


def page_before(request: HttpRequest) -> str:
    """The page that held the form (its Referer, when it is ours), else the start page."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # such as `http://[`: anybody can send anything
        return "/"
    if parts.netloc != request.get_host() or not parts.path.startswith("/"):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
