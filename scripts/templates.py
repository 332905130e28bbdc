"""Checks every template: it compiles, and it holds nothing that the content security policy would refuse."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.template import TemplateSyntaxError, engines

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = {"entra": "entra.settings", "portal": "partnercenter.settings"}
FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a link to a script": re.compile(r"""(?:href|action)\s*=\s*["']?\s*javascript:""", re.IGNORECASE),
}


def sources(service: str) -> Iterator[Path]:
    """Templates of one service; those of the design system belong to both and are checked with the portal's."""
    for folder in ROOT.glob("**/templates"):
        place = folder.relative_to(ROOT).parts
        if {".venv", "tests", "examples", "node_modules"} & set(place):
            continue
        for path in sorted(folder.rglob("*.html")):
            of_provider = "entra" in path.relative_to(ROOT).parts
            if of_provider == (service == "entra"):
                yield path


def faults(service: str) -> Iterator[str]:
    engine = engines["django"]
    for path in sources(service):
        text, place = path.read_text(), path.relative_to(ROOT)
        try:
            engine.from_string(text)
        except TemplateSyntaxError as error:
            yield f"{place}: {error}"
        for name, pattern in FORBIDDEN.items():
            if pattern.search(text):
                yield f"{place}: {name}"


def main() -> None:
    service = sys.argv[1]
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS[service]
    django.setup()
    found = list(faults(service))
    sys.exit("\n".join(found) if found else 0)


if __name__ == "__main__":
    main()
