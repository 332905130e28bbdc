"""`make check`: everything that needs no running service. Runs all, then says which failed."""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORTAL = [
    "partnercenter",
    "api",
    "accounts",
    "customers",
    "billing",
    "profiles",
    "security",
    "support",
    "webhooks",
    "msgraph",
    "activity",
    "mailing",
    "fluent",
    "secretstore",
    "scripts",
]
PROVIDER = ["entra", "examples"]
PYTHON = sys.executable
BIN = Path(sys.executable).parent


def main() -> None:
    failed = [name for name, command in checks().items() if not _passes(name, command)]
    sys.exit(f"FAILED: {', '.join(failed)}" if failed else 0)


def checks() -> dict[str, list[str]]:
    return {
        "lint": [str(BIN / "ruff"), "check", "."],
        "format": [str(BIN / "ruff"), "format", "--check", "."],
        "types of the portal": [PYTHON, "-m", "mypy", *PORTAL],
        "types of the provider": [PYTHON, "-m", "mypy", "--config-file", str(_provider_config()), *PROVIDER],
        "import contracts": [str(BIN / "lint-imports"), "--no-cache"],
        "system checks of the portal": _manage("partnercenter", "check"),
        "system checks of the provider": _manage("entra", "check"),
        "migrations of the portal": _manage("partnercenter", "makemigrations", "--check", "--dry-run"),
        "migrations of the provider": _manage("entra", "makemigrations", "--check", "--dry-run"),
        "translations": [PYTHON, "-m", "scripts.messages", "check"],
        "templates of the portal": [PYTHON, "-m", "scripts.templates", "portal"],
        "templates of the provider": [PYTHON, "-m", "scripts.templates", "entra"],
    }


def _manage(project: str, *arguments: str) -> list[str]:
    return [PYTHON, "manage.py", f"--settings={project}.settings", *arguments]


def _provider_config() -> Path:
    """django-stubs reads one settings module from its file: the same file with the other module in it."""
    text = (ROOT / "pyproject.toml").read_text()
    target = Path(tempfile.gettempdir()) / "partnercenter-mypy" / "pyproject.toml"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text.replace('"partnercenter.settings"', '"entra.settings"'))
    return target


def _passes(name: str, command: list[str]) -> bool:
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(f"{'ok    ' if result.returncode == 0 else 'FAILED'}  {name}", flush=True)
    if result.returncode != 0:
        print(result.stdout + result.stderr, flush=True)
    return result.returncode == 0


if __name__ == "__main__":
    main()
