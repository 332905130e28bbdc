"""What `make run` does with its processes when somebody leaves without Ctrl-C."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.services import ROOT

SECONDS = 30


def supervising(pid_file: Path, **options: object) -> "subprocess.Popen[bytes]":
    """One service under the supervisor, which writes its process id down once it runs."""
    program = (
        "import os, sys; from scripts.run import supervise; "
        f"sys.exit(supervise({{'one': 'echo $$ > {pid_file}; exec sleep 60'}}, os.environ))"
    )
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, **options)  # type: ignore[call-overload]


def written(path: Path) -> int | None:
    return int(path.read_text()) if path.exists() and path.read_text().strip() else None


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def eventually(condition: Callable[[], object]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_closing_the_terminal_stops_the_services(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    ours, theirs = pty.openpty()
    process = supervising(pid_file, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    assert eventually(lambda: written(pid_file))
    os.close(ours)
    process.send_signal(signal.SIGHUP)
    assert process.wait(SECONDS) == 0
    service = written(pid_file)
    assert service
    assert eventually(lambda: not runs(service))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stops_the_services_also_when_the_reader_of_its_output_has_gone(tmp_path: Path, number: int) -> None:
    """As with `make run | tee log`, where Ctrl-C ends both at once."""
    pid_file = tmp_path / "pid"
    process = supervising(pid_file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout
    assert eventually(lambda: written(pid_file))
    time.sleep(0.5)  # the supervisor learns of the start through a queue
    process.stdout.close()
    process.send_signal(number)
    process.wait(SECONDS)
    service = written(pid_file)
    assert service
    assert eventually(lambda: not runs(service))
