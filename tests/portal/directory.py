"""A directory API over real HTTP in the test process: it answers what a test puts into it and notes what was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TypeVar

D = TypeVar("D", bound="Served")


class Served(Protocol):
    """What stands behind the address: told each call, it says the status and the document (bytes stay as they are)."""

    base: str

    def answer(self, method: str, path: str, body: Any, authorization: str) -> tuple[int, Any]: ...


class Directory:
    """`answers[("GET", "/v1.0/users")] = (200, {...})`; `asked` lists method, path with query, token and body."""

    def __init__(self) -> None:
        self.base = ""
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self.asked: list[tuple[str, str, str, Any]] = []

    def answer(self, method: str, path: str, body: Any, authorization: str) -> tuple[int, Any]:
        self.asked.append((method, path, authorization, body))
        return self.answers.get((method, path), (404, {"error": "unknown"}))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    directory: Served

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body, authorization = json.loads(raw) if raw else None, self.headers.get("Authorization", "")
        status, document = self.directory.answer(self.command, self.path, body, authorization)
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 - the base class's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Quiet."""


@contextmanager
def served(directory: D) -> Iterator[D]:
    """The directory at an address of its own, for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"directory": directory}))
    directory.base = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield directory
    server.shutdown()
    server.server_close()
