"""A browser that is shown what the test client was answered."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.axe import captured, chromium_page, served_by

HOST = "http://localhost:8000"
Browse = Callable[[Iterable[str]], AbstractContextManager[Page]]


@pytest.fixture
def browse(client: Client) -> Browse:
    """`with browse(addresses) as page:` captures the addresses first, then opens Chromium on them."""

    @contextmanager
    def opened(addresses: Iterable[str]) -> Iterator[Page]:
        answers = {address: captured(client, address) for address in addresses}
        with chromium_page(viewport={"width": 1200, "height": 900}) as page:
            page.route(f"{HOST}/**", served_by(client, HOST, answers))
            yield page

    return opened
