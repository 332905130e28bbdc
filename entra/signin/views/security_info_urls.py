"""Where "My security info" may be returned to. The way back travels in `state`, so only these names are taken."""

from django.urls import reverse

_PAGES = frozenset({"overview", "add", "password"})


def address(name: str) -> str:
    return reverse(f"security_info:{name}" if name in _PAGES else "security_info:overview")
