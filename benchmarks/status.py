"""The status report over a log of some size, on the store of the environment. Prints one JSON object: milliseconds,
megabytes, and how many rows of the roll-ups are not what the log comes to.

    python -m benchmarks.status 1000000
"""

import http.client
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import world

world.settings_from({})

from django.db import connection  # noqa: E402 - after settings

from accounts.models import PartnerTenant  # noqa: E402
from activity import rollups  # noqa: E402
from activity.models import Channel  # noqa: E402
from benchmarks import status_log  # noqa: E402
from benchmarks.workers import gunicorn, workers  # noqa: E402
from scripts.running import free_ports  # noqa: E402
from security.models import StatusSnapshot  # noqa: E402
from security.report import snapshots_of  # noqa: E402

ROUNDS, SCANS, DOWNLOADS = 200, 5, 10
FILE = "/dashboard/account/security-requirements/api-requests/all"
PAGE = 101
Statement = tuple[str, Any]


def main() -> None:
    rows, now = int(sys.argv[1]), datetime.now(UTC)
    world.people("http://localhost", {status_log.LARGE: 1, status_log.SMALL: 1})
    status_log.fill(rows, now=now)
    connection.close()  # what it was allowed to spend ends with it
    found = {**_read(now), **_downloaded()}
    status_log.spend()
    json.dump({"differences": len(rollups.differences(now)), **found}, sys.stdout)


def _read(now: datetime) -> dict[str, float]:
    """What each part of the report takes in the database: without composing the statement and reading the answer."""
    tenant = PartnerTenant.objects.get(pk=world.tenant_id(status_log.LARGE))
    _take_snapshots(tenant, now)
    portal = (Channel.PORTAL,)
    reads: dict[str, Callable[[], object]] = {
        "shares": lambda: rollups.shares(tenant.pk, now=now),
        "days": lambda: rollups.share_by_day(tenant.pk, Channel.APP_AND_USER, now=now),
        "snapshots": lambda: snapshots_of(tenant),
        "people": lambda: list(rollups.people_without_mfa(tenant.pk, channels=portal, now=now)[:PAGE]),
        "uses": lambda: list(rollups.uses_without_mfa(tenant.pk, now=now)[:PAGE]),
        "applications": lambda: list(rollups.applications(tenant.pk, now=now)[:PAGE]),
    }
    asked = {name: (_asked(read), ROUNDS) for name, read in reads.items()}
    asked["scan"] = status_log.scan(tenant.pk, now), SCANS
    found: dict[str, float] = {}
    for name, (statement, rounds) in asked.items():
        found |= _milliseconds(name, statement, rounds)
    return found


def _take_snapshots(tenant: PartnerTenant, now: datetime) -> None:
    counted = ("portal_operations", "portal_with_mfa", "api_requests", "api_with_mfa", "score")
    days = [now.date() - timedelta(days=number) for number in range(status_log.DAYS)]
    StatusSnapshot.objects.bulk_create(
        StatusSnapshot(tenant=tenant, day=day, taken_at=now, **dict.fromkeys(counted, 0)) for day in days
    )


def _asked(read: Callable[[], object]) -> Statement:
    """The one statement of this read."""
    found: list[Statement] = []

    def keep(execute: Callable[..., object], sql: str, params: Any, many: bool, context: Any) -> object:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        read()
    (statement,) = found
    return statement


def _milliseconds(name: str, statement: Statement, rounds: int) -> dict[str, float]:
    """The median of so many times and, the steadier figure on a busy machine, what one takes of the CPU.

    The first one, which finds less in memory, does not count.
    """
    _executed(*statement)
    before = _cpu()
    times = [_executed(*statement) for _ in range(rounds)]
    return {name: statistics.median(times), f"{name}_cpu": (_cpu() - before) / rounds}


def _executed(sql: str, params: Any) -> float:
    """By PostgreSQL's own clock, which does not see how long an answer waits to be read."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
            return float(cursor.fetchone()[0][0]["Execution Time"])
        start = time.perf_counter()
        cursor.execute(sql, params)
        cursor.fetchall()
        return (time.perf_counter() - start) * 1000


def _cpu() -> float:
    """Milliseconds that the process of this connection has used so far."""
    if connection.vendor != "postgresql":
        return time.thread_time() * 1000
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        nanoseconds = Path(f"/proc/{cursor.fetchone()[0]}/schedstat").read_text().split()[0]
    return int(nanoseconds) / 1_000_000


def _downloaded() -> dict[str, float]:
    """All API requests as a file from the real portal: first byte, first row, and how large its worker gets."""
    with workers([gunicorn("partnercenter.wsgi", port) for port in free_ports(1)]) as (port,):
        master = _child(os.getpid())
        worker = _child(master)
        small, large = (world.session_key(number) for number in (status_log.SMALL, status_log.LARGE))
        for key in (small, large, small):
            _file(port, key)
        few, peak_of_few = _file(port, small)[-1], _peak(worker, partial(_file, port, small))
        peak = _peak(worker, partial(_file, port, large))
        found = [_file(port, large) for _ in range(DOWNLOADS)]
    first_byte, first_row, whole = (statistics.median(one[part] for one in found) * 1000 for part in range(3))
    return {
        "first_byte": first_byte,
        "first_row": first_row,
        "whole_file": whole,
        "rows_of_file": found[0][-1],
        "rows_of_small_file": few,
        "peak": peak,
        "peak_of_small": peak_of_few,
    }


def _file(port: int, key: str) -> tuple[float, float, float, int]:
    """Seconds to the first byte, to the first row and to the end; the number of rows."""
    with closing(http.client.HTTPConnection("localhost", port)) as portal:
        start = time.perf_counter()
        portal.request("GET", FILE, headers={"Cookie": f"partnercenter_session={key}"})
        answer = portal.getresponse()
        if answer.status != http.HTTPStatus.OK or not answer.read(1):
            sys.exit(f"{FILE}: {answer.status}")
        first_byte = time.perf_counter() - start
        answer.readline()
        answer.readline()
        first_row = time.perf_counter() - start
        rows = 1 + sum(1 for _line in answer)
        return first_byte, first_row, time.perf_counter() - start, rows


def _child(parent: int) -> int:
    """The one process that this one has started."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
            return int(stat.parent.name)
    raise ProcessLookupError(parent)


def _peak(process: int, run: Callable[[], object]) -> float:
    """Megabytes: the most memory that the process held meanwhile."""
    Path(f"/proc/{process}/clear_refs").write_text("5")  # the peak begins anew
    run()
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
