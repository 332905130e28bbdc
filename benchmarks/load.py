"""A lean load generator: one thread, keep-alive connections, each driven by a generator of its own.

A scenario is a generator function without end. It yields requests, gets answers sent in, and yields None whenever
one unit of what is counted is done. So that the machine's time goes to the servers, it reads no more HTTP than the
servers under test write: status, headers, and a body of known or of chunked length.
"""

import selectors
import socket
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(slots=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    def headers(self, name: bytes) -> list[str]:
        """The values of all headers of this name."""
        lines = (line.partition(b":") for line in self.head.split(b"\r\n")[1:])
        return [value.strip().decode() for known, _colon, value in lines if known.lower() == name]


Scenario = Generator[bytes | None, Answer, None]


def get(path: str, headers: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()


def post(path: str, fields: dict[str, str], headers: str = "") -> bytes:
    body = urlencode(fields)
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{kind}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return (head + body).encode()


class Load:
    """Users who go on in every run where they stopped in the one before. Half of them are at each port, so that
    both workers of a server have the same to do."""

    def __init__(self, scenario: Callable[[int], Scenario], ports: Sequence[int], users: int) -> None:
        self.users = [_User(scenario(n), ports[n % len(ports)]) for n in range(users)]
        self.done = 0
        """What the last run counted."""

    def rate(self, seconds: float) -> float:
        """Units done in a second, over `seconds`, on connections opened before and closed after."""
        with selectors.DefaultSelector() as selector:
            for user in self.users:
                user.connect()
                selector.register(user.socket, selectors.EVENT_READ, user)
            start = time.perf_counter()
            deadline = start + seconds
            done = 0
            for user in self.users:
                user.send()
            while selector.get_map():
                for key, _events in selector.select(30) or _silent():
                    user = key.data
                    if not user.receive():
                        continue
                    done += user.advance()
                    if time.perf_counter() < deadline:
                        user.send()
                    else:
                        selector.unregister(user.socket)
                        user.socket.close()
            self.done = done
            return done / (time.perf_counter() - start)


class _User:
    def __init__(self, scenario: Scenario, port: int) -> None:
        self.scenario, self.port = scenario, port
        self.next: bytes | None = next(scenario)
        self.received = b""

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        self.socket.sendall(self.next or b"")

    def advance(self) -> int:
        """Ask the scenario for its next request; returns how many units it finished on the way."""
        done = 0
        self.next = self.scenario.send(self.answer)
        while self.next is None:
            done += 1
            self.next = next(self.scenario)
        return done

    def receive(self) -> bool:
        """Whether the answer is complete."""
        part = self.socket.recv(65536)
        if not part:
            message = f"port {self.port} closed the connection after {self.received[:300]!r}"
            raise ConnectionError(message)
        self.received += part
        head, blank, body = self.received.partition(b"\r\n\r\n")
        if not blank or not _whole(head.lower(), body):
            return False
        self.answer = Answer(int(head[9:12]), head, body)
        self.received = b""
        return True


def _whole(head: bytes, body: bytes) -> bool:
    length = head.partition(b"\r\ncontent-length:")[2]
    if length:
        return len(body) >= int(length.partition(b"\r\n")[0])
    return body.endswith(b"0\r\n\r\n") if b"\r\ntransfer-encoding:" in head else True


def _silent() -> list[tuple[selectors.SelectorKey, int]]:
    message = "no server has answered for 30 seconds"
    raise TimeoutError(message)
