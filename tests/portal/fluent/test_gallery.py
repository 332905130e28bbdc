"""Every component in Chromium: axe in light and dark, no sideways scrolling on a phone in any language."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from tests.axe import chromium_page, overflow, served_by, violations_in_both_schemes
from tests.portal.fluent.gallery_urls import PAGES

HOST = "http://localhost:8000"
GALLERY = Path(__file__).with_name("gallery")


@pytest.fixture
def gallery(settings: Any, client: Client) -> Iterator[Page]:
    settings.ROOT_URLCONF = "tests.portal.fluent.gallery_urls"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name.startswith(("django.", "csp.", "whitenoise."))]
    options = dict(settings.TEMPLATES[0]["OPTIONS"])
    options["context_processors"] = [
        name for name in options["context_processors"] if name.startswith(("django.", "fluent."))
    ]
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [GALLERY, *settings.TEMPLATES[0]["DIRS"]], "OPTIONS": options}
    ]
    with chromium_page(viewport={"width": 1200, "height": 900}) as page:
        page.route(f"{HOST}/**", served_by(client, HOST))
        yield page


def test_axe_finds_nothing_in_any_component(gallery: Page) -> None:
    faults: list[str] = []
    gallery.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    for name in PAGES:
        gallery.goto(f"{HOST}/{name}")
        assert "\n".join(violations_in_both_schemes(gallery)) == "", name
    assert faults == []


@pytest.mark.parametrize("language", ["en", "ja", "ru"])
def test_nothing_is_wider_than_a_phone(gallery: Page, client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for name in PAGES:
        gallery.goto(f"{HOST}/{name}")
        assert overflow(gallery, 360) <= 0, name


def test_the_rail_opens_and_menus_close_with_escape_on_a_phone(gallery: Page) -> None:
    gallery.set_viewport_size({"width": 400, "height": 800})
    gallery.goto(f"{HOST}/suite")
    rail = gallery.locator("#rail")
    assert not rail.is_visible()
    gallery.get_by_role("button", name="Menu").click()
    assert rail.is_visible()
    gallery.keyboard.press("Escape")
    assert not rail.is_visible()
    gallery.locator("details.account summary").click()
    assert gallery.get_by_role("button", name="Sign out").is_visible()
    gallery.keyboard.press("Escape")
    assert not gallery.get_by_role("button", name="Sign out").is_visible()


def test_a_double_click_sends_a_form_once(gallery: Page) -> None:
    gallery.goto(f"{HOST}/suite")
    stopped = gallery.evaluate(
        """() => {
            const stopped = [];
            window.addEventListener("submit", (event) => {
                stopped.push(event.defaultPrevented);
                event.preventDefault();
            });
            const form = document.querySelector("form[method=post]");
            form.requestSubmit();
            form.requestSubmit();
            return stopped;
        }"""
    )
    assert stopped == [False, True]


def test_times_are_shown_in_the_viewers_zone(settings: Any, client: Client, gallery: Page) -> None:
    gallery.goto(f"{HOST}/suite")
    shown = gallery.locator("time[data-when=datetime]").first
    assert "UTC" not in shown.inner_text()
    assert re.search(r"\d\u00a0[AP]M$", shown.text_content() or ""), "a line could end before AM or PM"
    assert ":" in (shown.get_attribute("title") or "")
