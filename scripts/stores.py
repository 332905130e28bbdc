"""Runs a command against a PostgreSQL and a Redis of its own: empty, on free ports, gone afterwards.

    python -m scripts.stores make walkthrough

The servers are the installed ones; where there are none and this user may, Debian's packages are installed first.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis

from scripts.running import free_ports
from scripts.services import ROOT

DATABASES = {"DATABASE_URL": "portal", "ENTRA_DATABASE_URL": "entra"}
READY_SECONDS = 30


def main() -> None:
    _install_missing()
    with (
        tempfile.TemporaryDirectory(prefix="stores-", ignore_cleanup_errors=True) as folder,
        _postgresql(Path(folder)) as databases,
        _redis(Path(folder)) as redis_url,
    ):
        env = {**os.environ, **databases, "REDIS_URL": redis_url}
        code = subprocess.call(sys.argv[1:], cwd=ROOT, env=env)
    sys.exit(code)


def _install_missing() -> None:
    packages = []
    if _postgresql_program("initdb") is None:
        packages.append("postgresql")
    if shutil.which("redis-server") is None:
        packages.append("redis-server")
    if not packages:
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        sys.exit(f"Missing: {' and '.join(packages)}. Install them and try again.")
    subprocess.check_call(["apt-get", "update", "--quiet"])
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    subprocess.check_call(install, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def _postgresql_program(name: str) -> str | None:
    """Debian keeps the server's programs out of the path, one folder a version."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(versions[-1]) if versions else shutil.which(name)


@contextmanager
def _postgresql(folder: Path) -> Iterator[dict[str, str]]:
    """A cluster that trusts this machine; the server refuses to run as root, so root runs it as `postgres`."""
    (port,) = free_ports(1)
    data = folder / "postgresql"
    data.mkdir()
    prefix: list[str] = []
    if os.geteuid() == 0:
        prefix = ["runuser", "-u", "postgres", "--"]
        folder.chmod(0o755)
        shutil.chown(data, "postgres")
    initdb, server = _postgresql_program("initdb") or "initdb", _postgresql_program("postgres") or "postgres"
    make = [*prefix, initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.check_call(make, stdout=subprocess.DEVNULL, cwd="/")
    synced = f"fsync={os.environ.get('STORES_FSYNC', 'off')}"  # on only where what that costs is measured
    options = ["-p", str(port), "-h", "127.0.0.1", "-k", str(data), "-c", synced, "-c", "max_connections=200"]
    log = (folder / "postgresql.log").open("wb")
    process = subprocess.Popen([*prefix, server, "-D", str(data), *options], stdout=log, stderr=log, cwd="/")
    try:
        _create_databases(port)
        urls = {key: f"postgres://postgres@127.0.0.1:{port}/{name}" for key, name in DATABASES.items()}
        yield urls
    finally:
        process.terminate()
        process.wait(READY_SECONDS)
        log.close()


def _create_databases(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with psycopg.connect(host="127.0.0.1", port=port, user="postgres", autocommit=True) as connection:
                version = connection.execute("SELECT version()").fetchone()
                print("PostgreSQL:", version[0].split(" on ")[0] if version else "?", flush=True)
                for name in DATABASES.values():
                    connection.execute(f"CREATE DATABASE {name}")
                return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    (port,) = free_ports(1)
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    client = redis.Redis(port=port)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(client):
            if time.monotonic() > deadline:
                sys.exit("Redis does not start.")
            time.sleep(0.1)
        print("Redis:", client.info("server")["redis_version"], flush=True)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        client.close()
        process.terminate()
        process.wait(READY_SECONDS)


def _answers(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


if __name__ == "__main__":
    main()
