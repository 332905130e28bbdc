"""What is nowhere: a page for people, JSON for programs."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from api.dispatch import nothing_here

_OF_PROGRAMS = ("/v1/", "/webhooks/v1/")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also for paths that are refused before any view is looked for."""
    if request.path.startswith(_OF_PROGRAMS):
        return nothing_here(request)
    return defaults.page_not_found(request, exception)
