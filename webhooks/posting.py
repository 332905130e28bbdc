"""One POST to an address that somebody else chose: resolved once, no redirects, no proxies, and over in good time."""

import socket
import ssl
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from threading import Event, Timer

from webhooks.addresses import checked_url, resolved

_PATIENCE = 5  # seconds for each step
_LIMIT = 10  # seconds in all, however slowly the answer trickles in


class Unanswered(Exception):
    """The receiver could not be reached, or did not answer in time."""


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send it; return the answer's status. Its body is not read. Raises Unanswered, addresses.AddressRefused."""
    parts = checked_url(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    address = resolved(host, port)
    connection = HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        connection.sock = socket.create_connection((address, port), timeout=_PATIENCE)
        cut_off = Event()
        timer = Timer(_LIMIT, _hang_up, [connection, cut_off])
        timer.start()
        try:
            if parts.scheme == "https":
                _secure(connection)
            connection.request("POST", target, body, {"Connection": "close", **headers})
            status = connection.getresponse().status
            if cut_off.is_set():  # what was cut off looks like a short answer
                raise TimeoutError
            return status
        finally:
            timer.cancel()
    except (OSError, HTTPException, ValueError) as error:
        raise Unanswered(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()


def _secure(connection: HTTPConnection) -> None:
    """The name counts for the certificate, not the address that was connected to."""
    context = ssl.create_default_context()
    secured = context.wrap_socket(connection.sock, server_hostname=connection.host, do_handshake_on_connect=False)
    connection.sock = secured  # before the handshake, so that a receiver cannot hang there either
    secured.do_handshake()


def _hang_up(connection: HTTPConnection, cut_off: Event) -> None:
    cut_off.set()
    with suppress(OSError):
        socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


def named(status: int) -> str:
    """As .NET names it: OK, NotFound."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        return str(status)
    return "".join(word if word.isupper() else word.capitalize() for word in phrase.replace("-", " ").split())
