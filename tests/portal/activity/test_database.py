"""A kept connection to PostgreSQL is asked whether it still works only when something has arrived on it."""

import socket
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db.utils import ConnectionHandler

from activity.database import opened_well


class Psycopg:
    """A connection between requests, as far as Django looks at it; its server is the other end of the socket."""

    def __init__(self, here: socket.socket) -> None:
        self.here, self.closed, self.asked = here, False, 0

    def fileno(self) -> int:
        return self.here.fileno()

    def execute(self, sql: str) -> None:
        self.asked += 1
        raise psycopg.OperationalError

    def cursor(self) -> "Psycopg":
        return self

    def __enter__(self) -> "Psycopg":
        return self

    def __exit__(self, *_error: object) -> None:
        """As a cursor does."""


@pytest.fixture
def pair() -> Iterator[tuple[Any, socket.socket]]:
    opened = opened_well({"ENGINE": "django.db.backends.postgresql", "NAME": "portal"})
    database: Any = ConnectionHandler({"default": opened})["default"]
    here, there = socket.socketpair()
    with here, there:
        database.connection = Psycopg(here)
        yield database, there
        database.connection = None


def test_while_nothing_arrives_the_connection_is_good(pair: tuple[Any, socket.socket]) -> None:
    database, _server = pair
    assert database.is_usable()
    assert not database.connection.asked


def test_a_server_that_is_gone_is_noticed(pair: tuple[Any, socket.socket]) -> None:
    database, server = pair
    server.close()
    assert not database.is_usable()


def test_a_server_that_says_something_is_asked(pair: tuple[Any, socket.socket]) -> None:
    database, server = pair
    server.send(b"terminating connection")
    assert not database.is_usable()
    assert database.connection.asked == 1


def test_a_closed_connection_is_not_good(pair: tuple[Any, socket.socket]) -> None:
    database, _server = pair
    database.connection.closed = True
    assert not database.is_usable()


def test_after_an_error_the_server_is_asked(pair: tuple[Any, socket.socket]) -> None:
    database, _server = pair
    database.errors_occurred = True
    assert not database.is_usable()
    assert database.connection.asked == 1


def test_a_connection_that_went_silent_is_noticed_by_the_system_within_two_minutes() -> None:
    said = opened_well({"ENGINE": "django.db.backends.postgresql", "NAME": "portal", "OPTIONS": {"keepalives_idle": 5}})
    options = said["OPTIONS"]
    assert options["keepalives_idle"] == 5  # what the address of the database says goes first
    options = opened_well({"ENGINE": "django.db.backends.postgresql", "NAME": "portal"})["OPTIONS"]
    assert options["keepalives_idle"] + options["keepalives_interval"] * options["keepalives_count"] <= 120
