"""Accessibility of a page in a real browser: axe-core, sideways overflow, and pages of the test client in Chromium."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import axe_playwright_python
from django.test import Client
from playwright.sync_api import Page, Route, sync_playwright

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
CHROMIUM = "/usr/bin/chromium"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES = ("light", "dark")
PHONE, DESK = 360, 1200
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
PROVIDER_FOLDERS = {"oauth", "signin", "demo"}
ADMIN_CENTER_FOLDER = "admincenter"
LEAVE = "fluent/leave.html"  # the one page among the layouts and components; the provider's forms end in it
ERRORS = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes


Pages = dict[str, Answer]  # by an address of its own: what was asked for, a tilde, the page's template, a number


def violations(page: Page) -> list[str]:
    """What axe finds wrong, one line each. Evaluated over the debugging protocol: the page's CSP stays as it is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{AXE.read_text()};0")
    page.evaluate("window.scrollTo(0, 0)")  # scrolled under the suite bar, a target would count as covered
    found: list[dict[str, Any]] = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: tags})).violations", RULES
    )
    return [f"{rule['id']}: {node['html'][:200]} {_why(node)}" for rule in found for node in rule["nodes"]]


def _why(node: dict[str, Any]) -> str:
    return " ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])[:300]


def violations_in_both_schemes(page: Page) -> list[str]:
    """The same in light and in dark, as the system asks for it."""
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{scheme}: {line}" for line in violations(page)]
    return found


def overflow(page: Page, width: int = 400) -> int:
    """By how many pixels the page is wider than the window (WCAG 1.4.10); boxes that scroll on their own are fine."""
    page.set_viewport_size({"width": width, "height": 800})
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def captured(client: Client, address: str) -> Answer:
    """What the service answers, for a browser that starts later: beside Playwright's loop there is no database."""
    return answer_of(client.get(address, headers={"host": "localhost"}, follow=True))


def answer_of(response: Any) -> Answer:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return Answer(response.status_code, dict(response.headers), content)


def served_by(client: Client, host: str, answers: Mapping[str, Answer] | None = None) -> Callable[[Route], None]:
    """Answer the browser's GETs from what was captured, files from the test client: no server, no thread."""

    def answer(route: Route) -> None:
        address = route.request.url.split(host, 1)[1] or "/"
        found = (answers or {}).get(address) or captured(client, address)
        route.fulfill(status=found.status, headers=found.headers, body=found.content)

    return answer


@contextmanager
def chromium_page(**options: Any) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if Path(CHROMIUM).exists() else None, args=["--no-sandbox"]
        )
        yield browser.new_page(**options)
        browser.close()


@contextmanager
def recording() -> Iterator[Pages]:
    """Keep every page that a test client is answered in this block; the same page again is left out."""
    pages: Pages = {}
    seen: dict[str, int] = {}
    asked = Client.request

    def request(client: Client, **environ: Any) -> Any:
        response = asked(client, **environ)
        if not response.templates or response.streaming or "html" not in response["Content-Type"]:
            return response
        name = response.templates[0].name
        looks = f"{name} {re.sub('value=.[^>]*', '', response.content.decode())}"  # whatever tokens it carries
        if looks not in seen:
            seen[looks] = len(seen)
            pages[f"{environ['PATH_INFO']}~{name}~{len(seen)}"] = _standing_still(answer_of(response))
        return response

    with patch.object(Client, "request", request):
        yield pages


def _standing_still(page: Answer) -> Answer:
    """The page without what makes it go on by itself."""
    content = re.sub(rb'http-equiv="refresh"|<script src="[^"]*form-post[^>]*>', b"", page.content)
    return replace(page, content=content)


def never_shown(pages: Pages, wanted: set[str]) -> set[str]:
    """The page templates among `wanted` that no page was made of."""
    return wanted - {address.split("~")[1] for address in pages}


def page_templates(folder: Path = TEMPLATES) -> set[str]:
    """Every template that is a whole page, by its name; layouts and components are none."""
    files = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.html")}
    return {name for name, text in files.items() if "{% extends" in text and not name.startswith("fluent/")}


def faults_of(pages: Pages, client: Client, host: str, *, axe: bool = True) -> dict[str, list[str]]:
    """What is wrong with each page in Chromium: axe in both schemes, and wider than a phone."""
    found = {}
    with chromium_page() as page:
        page.route(f"{host}/**", served_by(client, host, pages))
        for address in pages:
            page.set_viewport_size({"width": DESK, "height": 900})
            page.goto(f"{host}{address}")
            faults = violations_in_both_schemes(page) if axe else []
            if page.locator("h1").count() != 1:
                faults.append("not one h1")
            if wider := overflow(page, PHONE):
                faults.append(f"{wider} pixels wider than a phone")
            if faults:
                found[address] = faults
    return found
