"""A receiver of events over real HTTP, which checks what it gets as a partner's own service would."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import load_der_x509_certificate
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from webhooks import signing
from webhooks.models import Event, Registration
from webhooks.services import register


class Receiver:
    """`answers` are the statuses of the next answers; then it is 200. `trickle`: seconds that its headers go on."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/events"
        self.answers: list[int] = []
        self.trickle = 0.0
        self.got: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _path, _headers, body in self.got]

    def signed(self, number: int, client: Client) -> bool:
        """Whether the signature is of this body, by the key of the certificate that the portal publishes."""
        _path, headers, body = self.got[number]
        assert headers["x-ms-signature-algorithm"] == "rsa-sha256"
        path = headers["x-ms-certificate-url"].removeprefix("http://localhost:8000")
        certificate = load_der_x509_certificate(client.get(path).content)
        scheme, _space, value = (headers.get("authorization") or headers["x-ms-signature"]).partition(" ")
        certificate.public_key().verify(  # type: ignore[union-attr, call-arg]
            base64.b64decode(value),
            body,
            padding.PKCS1v15(),
            hashes.SHA256(),  # type: ignore[arg-type]
        )
        return scheme == "Signature"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if made.trickle:
                self._trickle()
                return
            status = made.answers.pop(0) if made.answers else 200
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _trickle(self) -> None:
            """An answer whose headers never end."""
            end = time.monotonic() + made.trickle
            with suppress(OSError):
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                while time.monotonic() < end:
                    self.wfile.write(b"X-More: yes\r\n")
                    self.wfile.flush()
                    time.sleep(0.1)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Receiver(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def portal(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DEMO = True
    settings.PORTAL_URL = "http://localhost:8000"
    settings.SECRETS_DIR = tmp_path
    signing._pair.cache_clear()
    yield
    signing._pair.cache_clear()


@pytest.fixture
def registration(alejandra: User, receiver: Receiver) -> Registration:
    return register(user=alejandra, url=receiver.url, events=list(Event), signature_in_own_header=False)
