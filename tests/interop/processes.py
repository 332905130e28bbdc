"""Node programs of this folder as processes: one that answers lines of JSON, and one that serves."""

import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts import node
from scripts.running import answers

FOLDER = Path(__file__).parent
START_SECONDS = 20


@contextmanager
def program(name: str, env: Mapping[str, str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run one of the scripts here with the locked packages."""
    node.install()
    environment = {**env, "PATH": node.search_path()}
    with subprocess.Popen(["node", name], cwd=FOLDER, env=environment, text=True, **options) as process:
        try:
            yield process
        finally:
            process.terminate()


class Conversation:
    """Asks a program on its standard input; it answers on its standard output."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, verb: str, **request: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"verb": verb, **request}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the program ended with {self._process.wait(10)}"
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def server(name: str, url: str, env: Mapping[str, str], log: Path) -> Iterator[None]:
    """Run a script that serves `url`, until it answers there and then until the end."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output, program(name, env, stdout=output, stderr=output) as process:
        deadline = time.monotonic() + START_SECONDS
        while not answers(url, env):
            waiting = process.poll() is None and time.monotonic() < deadline
            assert waiting, f"{name} does not answer:\n{log.read_text()}"
            time.sleep(0.1)
        yield
