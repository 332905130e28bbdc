"""Where "My security info" may be returned to. The way back travels in `state`, so only these names are taken."""

from django.urls import reverse

_PAGES = {
    "overview": "security_info:overview",
    "add": "security_info:add",
    "password": "security_info:password",
    "applications": "oauth:my-applications",
}


def address(name: str) -> str:
    return reverse(_PAGES.get(name, _PAGES["overview"]))
