"""What every layout needs: theme, product name, languages, and where a switch goes back to."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from fluent.navigation import page_before
from fluent.theme import chosen_theme


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "theme": chosen_theme(request),
        "product_name": settings.PRODUCT_NAME,
        "languages": settings.LANGUAGES,
        "return_path": return_path(request),
    }


def return_path(request: HttpRequest) -> str:
    """The page itself; for the answer to a form, the page the form stood on, since its own address may take no GET.

    A view whose address works only once says so by setting `request.opens_once`.
    """
    if getattr(request, "opens_once", False):
        return "/"
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    return page_before(request)
