"""Starts the workers of each provider: two processes, each on a port of its own, so that both have the same to do."""

import importlib.util
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from benchmarks.peers.cast import CLIENT_ID, CLIENT_SECRET, PASSWORD, REDIRECT_URI
from benchmarks.workers import WORKERS, gunicorn, workers
from scripts import node
from scripts.running import free_ports
from scripts.services import ROOT

PEERS = ROOT / "benchmarks" / "peers"


def install() -> None:
    """What `benchmarks/requirements.txt` and the lock file here pin, where it is missing."""
    if importlib.util.find_spec("oauth2_provider") is None:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.check_call([*pip, "-r", str(ROOT / "benchmarks" / "requirements.txt")], stdout=sys.stderr)
    node.install(PEERS)


@contextmanager
def ours(var_dir: Path) -> Iterator[list[int]]:
    """This project's provider, as the Procfile starts it."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.peers.entra_settings",
        "VAR_DIR": str(var_dir),
        "ENTRA_URL": "http://localhost:8001",
    }
    subprocess.check_call([sys.executable, "-m", "benchmarks.peers.entra_people"], cwd=ROOT, env=env)
    with workers([gunicorn("entra.wsgi", port) for port in free_ports(WORKERS)], env) as ports:
        yield ports


@contextmanager
def toolkit(var_dir: Path) -> Iterator[list[int]]:
    """django-oauth-toolkit under the same server."""
    env = {**os.environ, "SIGNING_KEY": _signing_key()}
    subprocess.check_call([sys.executable, "-m", "benchmarks.peers.toolkit"], cwd=ROOT, env=env)
    with workers([gunicorn("benchmarks.peers.toolkit", port) for port in free_ports(WORKERS)], env) as ports:
        yield ports


@contextmanager
def oidc_provider(var_dir: Path) -> Iterator[list[int]]:
    """npm oidc-provider on Redis."""
    settings = {
        "redis": os.environ["REDIS_URL"],
        "signingKey": _signing_key(),
        "cookieKey": secrets.token_hex(32),
        "client": {"id": CLIENT_ID, "secret": CLIENT_SECRET, "redirectUri": REDIRECT_URI},
        "password": PASSWORD,
    }
    env = {**os.environ, "PATH": node.search_path(), "NODE_ENV": "production"}
    commands = []
    for port in free_ports(WORKERS):
        own = f"OIDC_PROVIDER={json.dumps({**settings, 'port': port})}"
        commands.append((port, ["env", own, "node", str(PEERS / "oidc_provider.mjs")]))
    with workers(commands, env) as ports:
        yield ports


def _signing_key() -> str:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
