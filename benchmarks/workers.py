"""Real servers: two processes of each, every one on a port of its own, so that both have the same to do."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from scripts.running import answers
from scripts.services import ROOT

WORKERS = 2
START_SECONDS = STOP_SECONDS = 60
Command = tuple[int, list[str]]


def gunicorn(application: str, port: int) -> Command:
    """As the Procfile starts the services."""
    as_deployed = ["--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--log-level", "warning"]
    return port, [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *as_deployed]


def uvicorn(application: str, port: int) -> Command:
    quiet = ["--no-access-log", "--log-level", "warning"]
    return port, [sys.executable, "-m", "uvicorn", application, "--port", str(port), *quiet]


@contextmanager
def workers(commands: Sequence[Command], env: Mapping[str, str] = os.environ) -> Iterator[list[int]]:
    """Run them; yields their ports once all of them answer."""
    with ExitStack() as stack:
        for _port, command in commands:
            process = subprocess.Popen(command, cwd=ROOT, env=dict(env), stdout=subprocess.DEVNULL)
            stack.callback(process.wait, STOP_SECONDS)
            stack.callback(process.terminate)
        ports = [port for port, _command in commands]
        deadline = time.monotonic() + START_SECONDS
        while not all(answers(f"http://localhost:{port}/healthz", env) for port in ports):
            if time.monotonic() > deadline:
                raise TimeoutError(commands[0][1])
            time.sleep(0.2)
        yield ports
