"""How a part of the benchmarks is run, in a process of its own on stores of its own, and what a result is."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Row = dict[str, Any]
STORES = (sys.executable, "-m", "scripts.stores")
SQLITE: tuple[str, ...] = ()
SYNCED_POSTGRESQL_ALONE = ("env", "STORES_FSYNC=on", *STORES, "env", "REDIS_URL=")
POSTGRESQL_ALONE = (*STORES, "env", "REDIS_URL=")


def measured(module: str, stores: tuple[str, ...], *arguments: str) -> dict[str, Any]:
    """What the module prints as JSON when it runs with these arguments on these stores."""
    with tempfile.TemporaryDirectory(prefix="bench-") as var_dir:
        command = [*stores, sys.executable, "-m", module, *arguments]
        answer = subprocess.check_output(command, cwd=ROOT, env={**os.environ, "VAR_DIR": var_dir}, text=True)
    found: dict[str, Any] = json.loads(answer[answer.index("{") :])
    return found


def row(identifier: str, what: str, ratio: float, target: float | None, *, at_least: bool = False) -> Row:
    """One result, which holds at its target and below, or above. Without a target it is for comparison only."""
    holds = None if target is None else ratio >= target if at_least else ratio <= target
    return {"id": identifier, "what": what, "ratio": round(ratio, 3), "target": target, "holds": holds}
