"""Starts the services of a site as the real processes of the Procfile, for tests and walkthroughs."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from scripts.run import processes
from scripts.services import ROOT, Site
from scripts.tls import certificates

START_SECONDS = 120
STOP_SECONDS = 10


class ServiceFailed(Exception):
    """A service ended, or did not answer in time; carries the end of its log."""


class Running:
    """The processes of one site, each logging to its own file."""

    def __init__(self, site: Site, env: Mapping[str, str]) -> None:
        self.site = site
        self.env = dict(env)
        self.logs = site.var_dir / "logs"
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def copied_to(self, var_dir: Path) -> "Running":
        """The same addresses with a copy of the data: cheaper than seeding again. Not for both at a time."""
        shutil.copytree(self.site.var_dir, var_dir)
        return Running(replace(self.site, var_dir=var_dir), {**self.env, "VAR_DIR": str(var_dir)})

    def start(self) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        for name, command in processes(self.env).items():
            self._start(name, command)
        for url in (f"{self.site.portal}/healthz", f"{self.site.entra}/healthz", f"{self.site.wingtip}/"):
            self._wait_for(url)

    def start_again(self, name: str) -> None:
        """One line of the Procfile, whose process has ended."""
        self._processes[name].wait()
        self._start(name, processes(self.env)[name])

    def stop(self) -> None:
        """End every process and what it started."""
        for process in self._processes.values():
            _signal(process, signal.SIGTERM)
        for process in self._processes.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
        self._processes.clear()

    def pid(self, name: str) -> int:
        """The process of one line of the Procfile."""
        return self._processes[name].pid

    def manage(self, settings: str, *arguments: str) -> None:
        self.site.manage(settings, *arguments, env=self.env)

    def log_tails(self, lines: int = 40) -> str:
        parts = []
        for path in sorted(self.logs.glob("*.log")):
            tail = path.read_text(errors="replace").splitlines()[-lines:]
            parts.append("\n".join([f"--- {path.name}", *tail]))
        return "\n".join(parts)

    def _start(self, name: str, command: str) -> None:
        with (self.logs / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                ["/bin/sh", "-c", command],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait_for(self, url: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers(url, self.env):
            ended = [name for name, process in self._processes.items() if process.poll() is not None]
            if ended or time.monotonic() > deadline:
                raise ServiceFailed(f"{url} does not answer ({', '.join(ended) or 'in time'})\n{self.log_tails()}")
            time.sleep(0.2)


def answers(url: str, env: Mapping[str, str]) -> bool:
    """Whether a service is up: any answer but a fault of its own counts."""
    context = ssl.create_default_context(cafile=env.get("SSL_CERT_FILE")) if url.startswith("https") else None
    try:
        with urllib.request.urlopen(url, timeout=5, context=context):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now; all held until chosen, so they differ."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def prepared_site(var_dir: Path, *, tls: bool = False, extra: Mapping[str, str] | None = None) -> Running:
    """A migrated and seeded site of its own, not yet running.

    Portal and provider are different *sites* to a browser (127.0.0.1 and localhost), as they are in the world:
    one host would hide SameSite mistakes.
    """
    scheme = "https" if tls else "http"
    portal, entra, wingtip = free_ports(3)
    this = f"{scheme}://127.0.0.1"
    site = Site(f"{this}:{portal}", f"{scheme}://localhost:{entra}", f"{this}:{wingtip}", var_dir)
    env = site.environment({**(certificates(site.tls_dir) if tls else {}), **(extra or {})})
    site.prepare(env)
    return Running(site, env)


@contextmanager
def fresh_site(var_dir: Path, *, tls: bool = False, extra: Mapping[str, str] | None = None) -> Iterator[Running]:
    with started(prepared_site(var_dir, tls=tls, extra=extra)) as running:
        yield running


@contextmanager
def started(running: Running) -> Iterator[Running]:
    """Run it for as long as the block lasts."""
    try:
        running.start()
        yield running
    finally:
        running.stop()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)
