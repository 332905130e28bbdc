"""Real processes, their own databases, a real browser. Nothing here imports the services."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from scripts.chromium import browser
from scripts.running import Running, fresh_site, prepared_site, started
from scripts.walkthrough.__main__ import let_days_pass
from scripts.walkthrough.visit import Visit

LONG = (
    *("test_causes_of_rules", "test_bulk_changes", "test_guests", "test_security_mails", "test_security_alerts"),
    *("test_security_defaults", "test_user_management", "test_revocation", "test_causes_of_third_parties"),
    *("test_causes_of_grants", "test_causes_of_defaults", "test_security_workspace", "test_status_facts"),
    *("test_demo", "test_wingtip", "test_examples", "test_security_status", "test_requirement_check"),
)
"""Files that take a minute or so. They begin, so that no process is left with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The portal, the provider and Wingtip, seeded; shared, so a test uses a persona no other test changes."""
    with fresh_site(tmp_path_factory.mktemp("site") / "var") as site:
        yield site


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Running:
    """What `own_site` is copied from; never started itself."""
    return prepared_site(tmp_path_factory.mktemp("seeded") / "var")


@pytest.fixture
def own_site(seeded: Running, tmp_path: Path) -> Iterator[Running]:
    """A site for one test alone: for tests that let days pass, kill processes or change a tenant's policy."""
    with started(seeded.copied_to(tmp_path / "var")) as site:
        yield site


@pytest.fixture
def unlimited_site(seeded: Running, tmp_path: Path) -> Iterator[Running]:
    """The same, and it answers a partner's programs as often as it can."""
    copy = seeded.copied_to(tmp_path / "var")
    copy.env["API_CALLS_PER_MINUTE"] = "0"
    with started(copy) as site:
        yield site


@pytest.fixture(scope="session")
def tls_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The same over https with a local authority, for clients that refuse http."""
    with fresh_site(tmp_path_factory.mktemp("tls") / "var", tls=True) as site:
        yield site


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def visit(chromium: Browser, running: Running) -> Iterator[Visit]:
    """Somebody at a browser that has never been anywhere."""
    person = Visit(chromium, running.site, lambda days: let_days_pass(running, days))
    person.new_session()
    yield person
    person.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed system test shows what the services logged."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.failed:
        for name in ("running", "own_site", "unlimited_site", "tls_site"):
            site = getattr(item, "funcargs", {}).get(name)
            if site is not None:
                report.sections.append((f"service logs ({name})", site.log_tails()))
