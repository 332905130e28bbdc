"""Real servers, one worker each, and a client that costs little beside them: raw keep-alive connections."""

import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from scripts.running import free_ports

START_SECONDS = 60
THREADS = 4
KEEP_ALIVE = "120"
GUNICORN = ("--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS), "--keep-alive", KEEP_ALIVE)


def gunicorn(application: str) -> list[str]:
    """The portal's own line of the Procfile, with one worker."""
    return [sys.executable, "-m", "gunicorn", application, *GUNICORN, "--no-control-socket", "--log-level", "warning"]


def uvicorn(application: str) -> list[str]:
    quiet = ["--no-access-log", "--log-level", "warning"]
    return [sys.executable, "-m", "uvicorn", application, "--workers", "1", "--timeout-keep-alive", KEEP_ALIVE, *quiet]


@contextmanager
def serving(command: Sequence[str], env: Mapping[str, str]) -> Iterator[int]:
    """Run a server; yields its port on 127.0.0.1."""
    (port,) = free_ports(1)
    at = ["--port", str(port)] if "uvicorn" in command else ["--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, *at], env={**os.environ, **env}, stdout=sys.stderr)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{' '.join(process.args)} does not start.")  # type: ignore[arg-type]


class Load:
    """Connections to one server, each with one request under way at any time."""

    def __init__(self, port: int, path: str, headers: Mapping[str, str], connections: int = THREADS) -> None:
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in headers.items())]
        self._request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self._selector = selectors.DefaultSelector()
        self._connections = []
        for _ in range(connections):
            connection = socket.create_connection(("127.0.0.1", port), timeout=30)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections.append(connection)
            self._selector.register(connection, selectors.EVENT_READ)
        self.seconds(connections)  # a connection that says nothing holds a thread of gunicorn's

    def seconds(self, requests: int) -> float:
        """How long it takes to answer this many requests. Anything but 200 is an error."""
        waiting = dict.fromkeys(self._connections[:requests], b"")
        start = time.perf_counter()
        for connection in waiting:
            connection.sendall(self._request)
        sent, answered = len(waiting), 0
        while answered < requests:
            for key, _events in self._selector.select(30) or sys.exit("A server does not answer."):
                connection: socket.socket = key.fileobj  # type: ignore[assignment]
                waiting[connection] += _received(connection)
                if not _whole(waiting[connection]):
                    continue
                answered += 1
                waiting[connection] = b""
                if sent < requests:
                    connection.sendall(self._request)
                    sent += 1
        return time.perf_counter() - start

    def body(self) -> bytes:
        """The body of one answer."""
        connection, answer = self._connections[0], b""
        connection.sendall(self._request)
        while not _whole(answer):
            answer += _received(connection)
        return answer.partition(b"\r\n\r\n")[2]


def _received(connection: socket.socket) -> bytes:
    return connection.recv(65536) or sys.exit("A server closes its connection.")


def _whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    if not head.startswith(b"HTTP/1.1 200 "):
        sys.exit(f"A server answers {answer.decode(errors='replace')}")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return len(body) >= int(length.partition(b":")[2])
