"""What every layout needs: theme, product name, languages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from fluent.theme import chosen_theme


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "theme": chosen_theme(request),
        "product_name": settings.PRODUCT_NAME,
        "languages": settings.LANGUAGES,
        "return_path": request.get_full_path() if request.method == "GET" else request.path,
    }
