"""`make run` on a machine where something is missing: one line that says what."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import packages
from scripts.services import ROOT


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(packages, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(sys, "argv", ["packages"])
    return tmp_path


def test_a_python_without_pip_says_what_to_install(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_ensurepip(*_: Any, **__: Any) -> None:
        raise subprocess.CalledProcessError(1, ["ensurepip"])

    monkeypatch.setattr(packages.venv, "create", without_ensurepip)
    with pytest.raises(SystemExit, match="sudo apt-get install python3"):
        packages.main()


def test_an_installation_that_was_cut_short_is_made_again_from_nothing(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bool] = []

    def create(folder: Path, *, with_pip: bool, clear: bool) -> None:
        folder.mkdir(exist_ok=True)
        made.append(clear and with_pip)

    answers = iter([1, 0])
    monkeypatch.setattr(packages.venv, "create", create)
    monkeypatch.setattr(packages.subprocess, "call", lambda command: next(answers))
    with pytest.raises(SystemExit, match="Run the same command again"):
        packages.main()
    packages.main()
    packages.main()  # installed: neither made nor installed again
    assert made == [True, True]


@pytest.mark.parametrize(
    ("python", "line"),
    [
        ("/nowhere/python3", "Python 3.11 or newer is needed; there is no '/nowhere/python3'."),
        ("./old-python", "Python 3.11 or newer is needed; this is 3.9."),
    ],
)
def test_an_old_or_missing_python_gets_one_line(tmp_path: Path, python: str, line: str) -> None:
    old = tmp_path / "old-python"
    old.write_text(f"#!{sys.executable}\nimport sys\nsys.version_info = (3, 9, 1)\nexec(sys.argv[2])\n")
    old.chmod(0o755)
    command = ["make", "--file", str(ROOT / "Makefile"), "--silent", "python", f"PYTHON={python}"]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    told = [each for each in (refused.stdout + refused.stderr).splitlines() if not each.startswith("make")]
    assert len(told) == 1
    assert told[0].startswith(line)
