"""One POST over TLS: the certificate has to be of the name in the URL, and of an authority that is trusted."""

import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import trustme

from webhooks.posting import Unanswered, post

Serve = Callable[[str], str]


class Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(202 if self.headers["Host"].startswith("localhost:") else 400)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Return `serve(name)`: a server whose certificate is of that name, by an authority that this process trusts."""
    authority, servers = trustme.CA(), []
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    def started(name: str) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        server = HTTPServer(("127.0.0.1", 0), Answer)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"https://localhost:{server.server_address[1]}/"

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_certificate_of_the_hosts_name_is_taken(serve: Serve) -> None:
    assert post(serve("localhost"), b"{}", {}) == 202


def test_a_certificate_of_another_name_is_refused(serve: Serve) -> None:
    with pytest.raises(Unanswered, match="SSLCertVerificationError"):
        post(serve("hooks.contoso.example"), b"{}", {})


def test_a_certificate_of_an_unknown_authority_is_refused(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    url = serve("localhost")
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Unanswered, match="SSLCertVerificationError"):
        post(url, b"{}", {})
