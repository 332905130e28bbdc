"""Where the services of one installation live, and how its databases and keys are made ready.

`make run`, the walkthrough and the system tests all start from here, so that they prove the same thing.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from scripts import schema

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ("partnercenter.settings", "entra.settings")


@dataclass(frozen=True)
class Site:
    """The addresses of the services and the folder of their data."""

    portal: str
    entra: str
    wingtip: str
    var_dir: Path

    @property
    def urls(self) -> tuple[str, str, str]:
        return (self.portal, self.entra, self.wingtip)

    @property
    def secure(self) -> bool:
        return self.portal.startswith("https:")

    @property
    def tls_dir(self) -> Path:
        return self.var_dir / "tls"

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """What each process of the site gets: this interpreter first on the path, and the addresses."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return {
            **os.environ,
            "PATH": path,
            "PYTHONUNBUFFERED": "1",
            "VAR_DIR": str(self.var_dir),
            "PORTAL_URL": self.portal,
            "ENTRA_URL": self.entra,
            "WINGTIP_URL": self.wingtip,
            "PORTAL_BIND": bind(self.portal),
            "ENTRA_BIND": bind(self.entra),
            "WINGTIP_BIND": bind(self.wingtip),
            **(extra or {}),
        }

    def manage(self, settings: str, *arguments: str, env: Mapping[str, str]) -> None:
        """Run one management command; its failure ends this program with the command's own message."""
        command = [sys.executable, "manage.py", f"--settings={settings}", *arguments]
        if subprocess.call(command, cwd=ROOT, env=dict(env)) != 0:
            sys.exit(f"`{' '.join(arguments)}` failed for {settings}.")

    def prepare(self, env: Mapping[str, str]) -> None:
        """Catalogs, schema and the demo world. Running it again changes nothing."""
        self.var_dir.mkdir(parents=True, exist_ok=True)
        schema.claim(self.var_dir)
        subprocess.check_call([sys.executable, "-m", "scripts.messages", "compile"], cwd=ROOT, env=dict(env))
        for settings in SETTINGS:
            self.manage(settings, "migrate", "--verbosity=0", env=env)
        self.seed(env)

    def seed(self, env: Mapping[str, str]) -> None:
        for settings in reversed(SETTINGS):  # the directory first: the portal enrols what is in it
            self.manage(settings, "seed_demo", env=env)


def default_site(*, tls: bool = False) -> Site:
    """The documented addresses of `make run`."""
    scheme = "https" if tls else "http"
    portal, entra, wingtip = (f"{scheme}://localhost:{port}" for port in (8000, 8001, 8002))
    return Site(portal, entra, wingtip, Path(os.environ.get("VAR_DIR", ROOT / "var")))


def bind(url: str) -> str:
    """Loopback only: the demo's passwords are known. `localhost` is bound on its IPv4 address."""
    return f"127.0.0.1:{urlsplit(url).port}"


def port_is_free(url: str) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", urlsplit(url).port or 0))
        except OSError:
            return False
    return True
