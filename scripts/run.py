"""`make run`: everything on this machine, ready to click. Ctrl-C stops all of it."""

import json
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from scripts.services import ROOT, Site, default_site, port_is_free
from scripts.tls import authority_of, certificates


def main() -> None:
    tls = os.environ.get("TLS", "") not in ("", "0")
    site = default_site(tls=tls)
    busy = [url for url in site.urls if not port_is_free(url)]
    if busy:
        sys.exit(f"Cannot start: something already listens on {', '.join(busy)}. Stop it, then run `make run` again.")
    env = site.environment(certificates(site.tls_dir) if tls else None)
    print("Preparing databases and demo data ...", flush=True)
    site.prepare(env)
    print(banner(site), flush=True)
    sys.exit(supervise(processes(env), env))


class _Terminal:
    """Standard output, also after nobody reads it any more (closed terminal, ended pipe).

    honcho tells of each service it stops; a failure to tell must not keep it from stopping them.
    """

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stdout.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stdout.flush()

    def isatty(self) -> bool:
        return sys.stdout.isatty()


def supervise(commands: Mapping[str, str], env: Mapping[str, str]) -> int:
    """Run the commands until one ends or somebody stops them, then stop all; the exit code, 0 if stopped by hand."""
    manager = Manager(Printer(_Terminal()))
    for name, command in commands.items():
        manager.add_process(name, command, env=dict(env), cwd=str(ROOT))
    # A closed terminal must stop the services too: each leads a session of its own and would live on.
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    manager.loop()
    stopped_by_hand = manager.returncode in (None, 0, 130, 143)
    return 0 if stopped_by_hand else int(manager.returncode)


def processes(env: Mapping[str, str]) -> dict[str, str]:
    """The Procfile, and what only a site with Redis needs."""
    named: dict[str, str] = dict(parse_procfile((ROOT / "Procfile").read_text()).processes)
    if env.get("REDIS_URL"):
        named["shipper"] = "exec python manage.py ship_operations"
    return named


def banner(site: Site) -> str:
    """Where to go and as whom."""
    world: dict[str, Any] = json.loads((ROOT / "demo" / "world.json").read_text())
    lines = [
        "",
        f"  Partner Center     {site.portal}/",
        f"  Identity provider  {site.entra}/",
        f"  Wingtip's own      {site.wingtip}/",
        "",
        f"  Everybody's password: {world['password']}",
        f"  One-time codes, and everybody there is: {site.entra}/demo/personas",
        "",
        *(f"  {persona}" for persona in _personas(world)),
        "",
        *([f"  The browser should trust: {authority_of(site.tls_dir)}", ""] if site.secure else []),
        "  Ctrl-C stops everything.",
        "",
    ]
    return "\n".join(lines)


def _personas(world: dict[str, Any]) -> list[str]:
    """The first of each tenant; the persona page lists all."""
    return [f"{tenant['users'][0]['upn']:34} {tenant['name']}" for tenant in world["tenants"]]


if __name__ == "__main__":
    main()
