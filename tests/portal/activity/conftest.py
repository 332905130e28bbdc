"""The log of one test: read through `logged`, which ships first where the tests run with Redis."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import Settings

from activity import writer
from activity.management.commands import ship_operations
from activity.models import OperationRecord
from tests.portal.activity.stream import Stream

Logged = Callable[[], list[OperationRecord]]


@pytest.fixture(autouse=True)
def own_stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Parallel tests share a Redis; each has a stream of its own in it."""
    name = f"test:{uuid.uuid4().hex}"
    for module in (writer, ship_operations):
        monkeypatch.setattr(module, "STREAM", name)
    client = writer.stream() if settings.REDIS_URL else None
    yield name
    if client is not None:
        client.delete(name, f"{name}:set-aside")


@pytest.fixture
def logged(db: None) -> Logged:
    def read() -> list[OperationRecord]:
        if settings.REDIS_URL:
            call_command("ship_operations", "--once")
        return list(OperationRecord.objects.order_by("at"))

    return read


@pytest.fixture
def stream(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Stream:
    """The site has a Redis, and this is it."""
    settings.REDIS_URL = "redis://stream"
    fake = Stream(writer.STREAM)
    for module in (writer, ship_operations):
        monkeypatch.setattr(module, "stream", lambda: fake)
    return fake
