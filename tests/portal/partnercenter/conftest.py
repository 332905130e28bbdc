"""A browser whose requests the test client answers."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.axe import chromium_page, served_by

HOST = "http://localhost:8000"


@pytest.fixture
def browser_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    # Playwright's sync API runs an event loop in this thread; Django would refuse database calls beside it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with chromium_page(viewport={"width": 1200, "height": 900}) as page:
        page.route(f"{HOST}/**", served_by(client, HOST))
        yield page
