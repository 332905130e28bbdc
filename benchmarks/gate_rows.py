"""The results of `benchmarks.gate` on each store."""

from typing import Any

from benchmarks.running import POSTGRESQL_ALONE, SQLITE, STORES, Row, measured, row

GATE_TARGET = 1.20
LOG_TARGET = 1.08
MODULE = "benchmarks.gate"


def rows() -> list[Row]:
    results = _rows("sqlite", "SQLite", measured(MODULE, SQLITE))
    results += _rows("postgresql", "PostgreSQL + Redis", measured(MODULE, STORES))
    alone = measured(MODULE, POSTGRESQL_ALONE)["ratios"]["log"]
    return [*results, row("log-postgresql-alone", "operation log on PostgreSQL alone, of the page", alone, None)]


def _rows(key: str, store: str, found: dict[str, Any]) -> list[Row]:
    ratios, queries = found["ratios"], found["queries"]
    more = queries["gate"] - queries["bare"]
    return [
        row(f"gate-{key}", f"page gate on {store}, of the bare page", ratios["gate"], GATE_TARGET),
        row(f"gate-queries-{key}", f"queries the gate adds on {store}", more, 1),
        row(f"log-{key}", f"operation log on {store}, of the page", ratios["log"], LOG_TARGET),
        row(f"login-required-{key}", f"login_required on {store}, of the bare page", ratios["login_required"], None),
        row(
            f"otp-required-{key}", f"django-otp otp_required on {store}, of the bare page", ratios["otp_required"], None
        ),
    ]
