"""Builds .venv with the pinned packages. Runs on a bare Python: standard library only.

The stamp is written last and names what was installed, so a build that was cut short is made again from nothing.
"""

import argparse
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    parser.add_argument("--bench", action="store_true", help="also what the benchmarks measure against")
    given = parser.parse_args()
    runtime, dev = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    _install("run", [runtime])
    if given.dev or given.bench:
        _install("dev", [runtime, dev])
    if given.bench:
        _install("bench", [runtime, dev, ROOT / "benchmarks" / "requirements.txt"])


def _install(name: str, requirements: list[Path]) -> None:
    stamp = VENV / f"installed-{name}-{PYTHON}"
    wanted = _fingerprint(requirements)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    if not any(VENV.glob(f"installed-*-{PYTHON}")):
        print("Making .venv ...", flush=True)
        _make()
    print(f"Installing {requirements[-1].name} ...", flush=True)
    stamp.unlink(missing_ok=True)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if subprocess.call([*pip, "-r", str(requirements[-1])]) != 0:
        sys.exit(
            "The packages could not be installed; pip says why above. Run the same command again when it is cured."
        )
    stamp.write_text(wanted)


def _make() -> None:
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except subprocess.CalledProcessError:  # Debian keeps pip's wheel in a package of its own
        sys.exit(
            f"This Python ({sys.executable}) cannot make virtual environments. Install what it lacks, for example: "
            f"sudo apt-get install python{PYTHON}-venv"
        )


def _fingerprint(requirements: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in requirements:
        digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
