"""Light, dark, or as the system says; remembered in a cookie, so that it holds before sign-in and after sign-out."""

from enum import StrEnum

from django.http import HttpRequest

THEME_COOKIE = "theme"
YEAR = 365 * 24 * 3600


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def chosen_theme(request: HttpRequest) -> Theme:
    try:
        return Theme(request.COOKIES.get(THEME_COOKIE, ""))
    except ValueError:
        return Theme.SYSTEM
