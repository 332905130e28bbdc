"""A directory API over real HTTP in the test process: it answers what a test puts into it and notes what was asked."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Directory:
    """`answers[("GET", "/v1.0/users")] = (200, {...})`; `asked` lists method, path with query, token and body."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self.asked: list[tuple[str, str, str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    directory: Directory

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        authorization = self.headers.get("Authorization", "")
        self.directory.asked.append((self.command, self.path, authorization, json.loads(body) if body else None))
        status, document = self.directory.answers.get((self.command, self.path), (404, {"error": "unknown"}))
        raw = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 - the base class's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Quiet."""


def serve() -> tuple[Directory, ThreadingHTTPServer]:
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    directory = Directory(server.server_address[1])
    handler.directory = directory  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return directory, server
