"""Accessibility of a page in a real browser: axe-core, sideways overflow, and pages of the test client in Chromium."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python
from django.test import Client
from playwright.sync_api import Page, Route, sync_playwright

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
CHROMIUM = "/usr/bin/chromium"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES = ("light", "dark")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes


def violations(page: Page) -> list[str]:
    """What axe finds wrong, one line each. Evaluated over the debugging protocol: the page's CSP stays as it is."""
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
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_timeout(150)  # colours change by a transition
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
