"""`make test`: checks, then the tests of the portal, of the provider, of the running system in a browser, and
of both services with other people's OpenID Connect software.

Everything runs even after a failure, so that one run tells all; the exit code tells whether anything failed.
"""

import os
import subprocess
import sys
from pathlib import Path

from scripts import chromium, node
from scripts.services import ROOT

PYTEST = [sys.executable, "-m", "pytest"]
BY_FILE = ["--numprocesses=2", "--dist=loadfile"]  # a process has one site, whatever it is given to test
RUNS = {
    "checks": [sys.executable, "-m", "scripts.check"],
    "portal tests": [*PYTEST, "tests/portal", "--ds=partnercenter.settings", "--numprocesses=2"],
    "provider tests": [*PYTEST, "tests/entra", "--ds=entra.settings", "--numprocesses=2"],
    "system tests": [*PYTEST, "tests/system", "--ignore-glob=*/test_interop_*", *BY_FILE, "--no-loadscope-reorder"],
    "interop tests": [*PYTEST, *sorted(map(str, ROOT.glob("tests/system/test_interop_*.py"))), *BY_FILE],
}


def main() -> None:
    chromium.install_missing()
    node.install()
    env = environment()
    subprocess.check_call([sys.executable, "-m", "scripts.messages", "compile"], cwd=ROOT, env=env)
    wanted = sys.argv[1:] or list(RUNS)
    failed = []
    for name in wanted:
        print(f"\n== {name}", flush=True)
        if subprocess.call(RUNS[name], cwd=ROOT, env=env) != 0:
            failed.append(name)
    if failed:
        sys.exit(f"FAILED: {', '.join(failed)}")
    print(f"\nAll passed: {', '.join(wanted)}")


def environment() -> dict[str, str]:
    """Tests get no data folder of a person's, and a Node.js."""
    var_dir = ROOT / "var" / "test"
    var_dir.mkdir(parents=True, exist_ok=True)
    path = f"{Path(sys.executable).parent}{os.pathsep}{node.search_path()}"
    return {**os.environ, "VAR_DIR": str(var_dir), "PATH": path}


if __name__ == "__main__":
    main()
