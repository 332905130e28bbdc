"""`make bench`: measures on SQLite and on PostgreSQL with Redis, writes results.json, fails when a target is missed."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.json"
MEASURE = [sys.executable, "-m", "benchmarks.gate"]
STORES = [sys.executable, "-m", "scripts.stores"]
GATE_TARGET = 1.20
LOG_TARGET = 1.08


def main() -> None:
    results: list[dict[str, Any]] = []
    results += _rows("sqlite", "SQLite", _measure(MEASURE))
    results += _rows("postgresql", "PostgreSQL + Redis", _measure([*STORES, *MEASURE]))
    without_redis = [*STORES, "env", "REDIS_URL=", *MEASURE]
    alone = _measure(without_redis)["ratios"]["log"]
    results.append(_row("log-postgresql-alone", "operation log on PostgreSQL alone, of the page", alone, None))
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    for row in results:
        print(f"{row['id']:34} {row['ratio']:.2f}  target {row['target']}  holds {row['holds']}")
    sys.exit(0 if all(row["holds"] is not False for row in results) else 1)


def _measure(command: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bench-") as var_dir:
        env = {**os.environ, "VAR_DIR": var_dir}
        answer = subprocess.check_output(command, cwd=ROOT, env=env, text=True)
    measured: dict[str, Any] = json.loads(answer[answer.index("{") :])
    return measured


def _rows(key: str, store: str, measured: dict[str, Any]) -> list[dict[str, Any]]:
    ratios, queries = measured["ratios"], measured["queries"]
    more = queries["gate"] - queries["bare"]
    return [
        _row(f"gate-{key}", f"page gate on {store}, of the bare page", ratios["gate"], GATE_TARGET),
        {
            "id": f"gate-queries-{key}",
            "what": f"queries the gate adds on {store}",
            "ratio": more,
            "target": 1,
            "holds": more <= 1,
        },
        _row(f"log-{key}", f"operation log on {store}, of the page", ratios["log"], LOG_TARGET),
        _row(f"login-required-{key}", f"login_required on {store}, of the bare page", ratios["login_required"], None),
        _row(
            f"otp-required-{key}", f"django-otp otp_required on {store}, of the bare page", ratios["otp_required"], None
        ),
    ]


def _row(identifier: str, what: str, ratio: float, target: float | None) -> dict[str, Any]:
    """One result. A row without a target is for comparison; it neither holds nor fails."""
    holds = None if target is None else ratio <= target
    return {"id": identifier, "what": what, "ratio": round(ratio, 3), "target": target, "holds": holds}


if __name__ == "__main__":
    main()
