"""The results of the status report's benchmarks. Milliseconds, seconds and rates stand as they are in `ratio`."""

from typing import Any

from benchmarks.running import SQLITE, STORES, SYNCED_POSTGRESQL_ALONE, Row, measured, row

REPORT, WRITES = "benchmarks.status", "benchmarks.status_writes"
SIZES = 6.0, 7.0
COMPARED = "shares", "days", "snapshots"
READS = "shares", "days", "snapshots", "people", "uses", "applications", "scan"
GROWTH_TARGET, MEMORY_TARGET, LAG_TARGET = 2.0, 1.05, 5.0
WHAT = {
    "shares": ("figures of the window, ms", 1.0),
    "days": ("figures day by day, ms", 1.0),
    "snapshots": ("90 snapshots, ms", 1.0),
    "people": ("people without MFA, first page, ms", 50.0),
    "uses": ("what causes are looked for, costliest first, ms", 50.0),
    "applications": ("applications, first page, ms", 50.0),
    "first_byte": ("10,000 API requests as a file, first byte, ms", 200.0),
    "first_row": ("first row of the file, ms", None),
    "whole_file": ("the whole file, ms", None),
    "rows_of_file": ("rows of the file", None),
    "scan": ("one figure counted from the log itself, ms", None),
    "differences": ("roll-ups that are not what the log comes to", 0.0),
}


def rows(most: float) -> list[Row]:
    """Logs of 10 to the power of 6, 7 and, on PostgreSQL, `most`."""
    larger = [most] if most > SIZES[-1] else []
    return [
        *_report("sqlite", "SQLite", SQLITE, SIZES),
        *_report("postgresql", "PostgreSQL", STORES, [*SIZES, *larger]),
        *_writes(),
    ]


def _report(key: str, store: str, stores: tuple[str, ...], sizes: Any) -> list[Row]:
    results, base = [], dict[str, float]()
    for size in sizes:
        found = measured(REPORT, stores, str(int(10**size)))
        results += [_figure(key, store, size, name, found[name]) for name in WHAT]
        results += [_cpu(key, store, size, name, found[f"{name}_cpu"]) for name in READS]
        memory = found["peak"] / found["peak_of_small"]
        what = f"memory of the worker at its peak, of that with {found['rows_of_small_file']} rows, {store}"
        results.append(row(f"status-memory-{key}-{size:g}", what, memory, MEMORY_TARGET))
        if size > SIZES[-1]:
            results += [
                row(f"status-{name}-{key}-growth-{size:g}", f"{name}, of 10^7", found[name] / base[name], GROWTH_TARGET)
                for name in COMPARED
            ]
        base = found
    return results


def _figure(key: str, store: str, size: float, name: str, value: float) -> Row:
    what, target = WHAT[name]
    return row(f"status-{name}-{key}-{size:g}", f"{what}, {store}, 10^{size:g} operations", value, target)


def _cpu(key: str, store: str, size: float, name: str, value: float) -> Row:
    what = f"{WHAT[name][0]} of the CPU, {store}, 10^{size:g} operations"
    return row(f"status-{name}-cpu-{key}-{size:g}", what, value, None)


def _writes() -> list[Row]:
    sqlite, alone, with_redis = (measured(WRITES, one) for one in (SQLITE, SYNCED_POSTGRESQL_ALONE, STORES))
    return [
        row("status-insert-sqlite", "an insert with its count, of one without, SQLite", sqlite["insert"], None),
        row("status-insert-postgresql", "an insert with its count, PostgreSQL, synced", alone["insert"], None),
        row("status-batch-postgresql", "a batch of 1,000 with its count, PostgreSQL", with_redis["batch"], None),
        row("status-writers", "eight writers of a tenant, of uncounted ones, PostgreSQL", alone["writers"], None),
        row("status-writers-per-second", "what they write in a second", alone["writers_per_second"], None),
        row("status-lag-median", "lag of the roll-ups at 500 a second, s, median", with_redis["lag_median"], None),
        row("status-lag-p99", "the same, p99", with_redis["lag_p99"], None),
        row("status-lag-max", "the same, longest", with_redis["lag_max"], LAG_TARGET),
    ]
